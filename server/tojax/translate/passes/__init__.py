"""Structural passes: each rewrites one construct of PyTorch code that is not a plain call."""
