"""Random keys: finds who draws random numbers, and threads ``rngs`` from the callers to them.

A constructor that needs randomness gains a keyword-only ``rngs``; other methods use the ``rngs``
that their constructor stored; functions gain the keyword, and scripts seed it where PyTorch was
seeded. The source's own order of draws is kept.
"""

from __future__ import annotations

from tojax.translate.rngs.layer_types import LayerTypes
from tojax.translate.rngs.threading import RngThreading

__all__ = ["LayerTypes", "RngThreading"]
