"""Kind inference: what every expression of a program holds."""

from __future__ import annotations

from tojax.source.inference.infer import Inference

__all__ = ["Inference"]
