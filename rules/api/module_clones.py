"""Copies of a module that are used beside it."""

import copy
from collections.abc import Iterator

from flax import nnx


def random_streams(module: nnx.Module) -> Iterator[nnx.RngStream]:
    """The streams of keys in a module, in an order that its copies share."""
    return (part for _, part in nnx.iter_graph(module) if isinstance(part, nnx.RngStream))


def clone_layer(layer: nnx.Module) -> nnx.Module:
    """A copy of a layer, which starts equal but draws numbers of its own."""
    clone = copy.deepcopy(layer)
    for own, stream in zip(random_streams(layer), random_streams(clone), strict=True):
        stream.key[...] = own()
        stream.count[...] = 0
    return clone
