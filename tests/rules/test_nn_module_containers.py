"""torch.nn.ModuleList and ModuleDict as classes: what changes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flax import nnx
from rules.api.nn_linear import Linear
from rules.api.nn_module_containers import ModuleDict, ModuleList
from torch import nn

from tests.rules.layers import variables


def _same(change: Callable[[Any, Callable[[int], Any]], object]) -> None:
    """What a change leaves and gives: layers are told apart by their widths."""
    ours = ModuleList(Linear(2, width, rngs=nnx.Rngs(0)) for width in (3, 4, 5))
    theirs = nn.ModuleList(nn.Linear(2, width) for width in (3, 4, 5))
    given = change(ours, lambda width: Linear(2, width, rngs=nnx.Rngs(0)))
    expected = change(theirs, lambda width: nn.Linear(2, width))
    assert [layer.out_features for layer in ours] == [layer.out_features for layer in theirs]
    assert set(variables(ours)) == set(theirs.state_dict())
    if isinstance(expected, nn.Linear):
        assert given.out_features == expected.out_features


def test_module_list_changes():
    _same(lambda layers, make: layers.insert(0, make(6)))
    _same(lambda layers, make: layers.insert(2, make(6)))
    _same(lambda layers, make: layers.pop(-1))
    _same(lambda layers, make: layers.pop(0))
    _same(lambda layers, make: layers.__setitem__(-1, make(6)))
    _same(lambda layers, make: layers.__delitem__(1))
    _same(lambda layers, make: layers.__delitem__(slice(0, 2)))
    _same(lambda layers, make: layers.__iadd__([make(6), make(7)]))


def test_module_dict_changes():
    ours = ModuleDict({name: Linear(2, 3, rngs=nnx.Rngs(0)) for name in "abc"})
    theirs = nn.ModuleDict({name: nn.Linear(2, 3) for name in "abc"})
    for layers in (ours, theirs):
        assert layers.pop("b").out_features == 3
        del layers["a"]
    assert list(ours) == list(theirs)
    assert set(variables(ours)) == set(theirs.state_dict())
