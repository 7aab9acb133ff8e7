"""einops.layers.torch: the layers that einops makes for PyTorch, by its functions."""

import functools

import einops

from tojax.rules.api import torch_api


@torch_api("einops.layers.torch.Rearrange")
def rearranging(pattern, **axes_lengths):
    """The layer that rearranges the axes of an array."""
    return functools.partial(einops.rearrange, pattern=pattern, **axes_lengths)


@torch_api("einops.layers.torch.Reduce")
def reducing(pattern, reduction, **axes_lengths):
    """The layer that reduces some axes of an array."""
    return functools.partial(einops.reduce, pattern=pattern, reduction=reduction, **axes_lengths)
