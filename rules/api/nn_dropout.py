"""torch.nn: dropout."""

from typing import Any

from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_dropout import alpha_dropout, feature_alpha_dropout

TORCH_VALUES: dict[str, Any] = {"torch.nn.modules.dropout._DropoutNd": nnx.Dropout}


@torch_api("torch.nn.Dropout")
def dropout_layer(p=0.5, inplace=False, *, rngs: nnx.Rngs) -> nnx.Module:
    """Zeros single elements."""
    return nnx.Dropout(p, rngs=rngs)


@torch_api("torch.nn.Dropout1d")
def dropout1d_layer(p=0.5, inplace=False, *, rngs: nnx.Rngs) -> nnx.Module:
    """Zeros channels of (N, C, L) or (C, L) arrays."""
    return nnx.Dropout(p, broadcast_dims=(-1,), rngs=rngs)


@torch_api("torch.nn.Dropout2d")
def dropout2d_layer(p=0.5, inplace=False, *, rngs: nnx.Rngs) -> nnx.Module:
    """Zeros channels of (N, C, H, W) arrays."""
    return nnx.Dropout(p, broadcast_dims=(2, 3), rngs=rngs)


@torch_api("torch.nn.Dropout3d")
def dropout3d_layer(p=0.5, inplace=False, *, rngs: nnx.Rngs) -> nnx.Module:
    """Zeros channels of (N, C, D, H, W) or (C, D, H, W) arrays."""
    return nnx.Dropout(p, broadcast_dims=(-3, -2, -1), rngs=rngs)


@torch_api("torch.nn.AlphaDropout")
class AlphaDropout(nnx.Module):
    """Dropout for SELU networks, which keeps mean and variance."""

    def __init__(self, p: float = 0.5, inplace: bool = False, *, rngs: nnx.Rngs):
        self.p = p
        self.deterministic = False
        self.rngs = rngs.dropout.fork()

    def __call__(self, x: Array) -> Array:
        return alpha_dropout(x, self.p, not self.deterministic, rngs=self.rngs)


@torch_api("torch.nn.FeatureAlphaDropout")
class FeatureAlphaDropout(nnx.Module):
    """Dropout of channels for SELU networks, which keeps mean and variance."""

    def __init__(self, p: float = 0.5, inplace: bool = False, *, rngs: nnx.Rngs):
        self.p = p
        self.deterministic = False
        self.rngs = rngs.dropout.fork()

    def __call__(self, x: Array) -> Array:
        return feature_alpha_dropout(x, self.p, not self.deterministic, rngs=self.rngs)
