"""torch.utils.checkpoint: activations that are computed again in the backward pass."""

import inspect

import jax
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.utils.checkpoint.checkpoint")
def checkpoint(
    function,
    *args,
    use_reentrant=None,
    context_fn=None,
    determinism_check="default",
    debug=False,
    early_stop=True,
    preserve_rng_state=True,
    **kwargs,
):
    """``function(*args)`` whose intermediate results are computed again for the gradient.

    A module, or the module of a method, is handed through so that it may draw random numbers and
    update its statistics; any other function may not change what it refers to.
    """
    if isinstance(function, nnx.Module):
        return nnx.remat(lambda module: module(*args, **kwargs))(function)
    if inspect.ismethod(function) and isinstance(function.__self__, nnx.Module):
        method = function.__func__
        return nnx.remat(lambda module: method(module, *args, **kwargs))(function.__self__)
    return jax.checkpoint(lambda: function(*args, **kwargs))()


@torch_api("torch.utils.checkpoint.checkpoint_sequential")
def checkpoint_sequential(functions, segments, input: Array, use_reentrant=None, **kwargs) -> Array:
    """Layers in sequence, of which only the inputs of ``segments`` equal parts are kept."""
    layers = list(functions.layers if isinstance(functions, nnx.Sequential) else functions)
    size = len(layers) // segments
    last = size * (segments - 1)
    for start in range(0, last, size):
        segment = nnx.Sequential(*layers[start : start + size])
        input = nnx.remat(lambda module, x: module(x))(segment, input)
    for layer in layers[last:]:
        input = layer(input)
    return input
