"""Distributions of points whose density is known, one family a file. No Qt."""
