"""Regularisers, constraints and augmentations: one file each."""
