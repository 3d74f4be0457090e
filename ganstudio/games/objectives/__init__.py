"""Adversarial objectives: one file each, pure functions of logits."""
