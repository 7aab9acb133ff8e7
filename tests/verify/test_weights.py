"""State dicts to and from NNX modules."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from torch import nn

from tojax.weights import load_state_dict, nnx_layer_states, state_dict


class Block(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.body = nnx.Sequential(nnx.Linear(3, 4, rngs=rngs), nnx.Linear(4, 4, rngs=rngs))
        self.items = nnx.List([nnx.Linear(4, 2, use_bias=False, rngs=rngs)])
        self.named = nnx.Dict(scale=nnx.Param(jnp.ones(2)))
        self.tied = self.items[0].kernel
        self.running_mean = nnx.BatchStat(jnp.zeros(2))
        self.num_batches_tracked = nnx.BatchStat(jnp.zeros((), int))
        self.cache = nnx.Variable(jnp.zeros(5), persistent=False)
        self.table = jnp.zeros(7)
        self.dropout = nnx.Dropout(0.5, rngs=rngs)
        self.absent = None


class TorchBlock(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 4))
        self.items = nn.ModuleList([nn.Linear(4, 2, bias=False)])
        self.named = nn.ParameterDict({"scale": nn.Parameter(torch.randn(2))})
        self.register_buffer("running_mean", torch.randn(2))
        self.register_buffer("num_batches_tracked", torch.tensor(7))
        self.register_buffer("cache", torch.randn(5), persistent=False)


def torch_state() -> dict[str, Any]:
    state = dict(TorchBlock().state_dict())
    return state | {"tied": state["items.0.weight"].T}


def test_names_and_layouts() -> None:
    module, state = Block(rngs=nnx.Rngs(0)), torch_state()
    load_state_dict(module, state)
    first = module.body.layers[0]
    np.testing.assert_array_equal(first.kernel[...], state["body.0.weight"].numpy().T)
    np.testing.assert_array_equal(first.bias[...], state["body.0.bias"].numpy())
    np.testing.assert_array_equal(module.items[0].kernel[...], state["items.0.weight"].numpy().T)
    np.testing.assert_array_equal(module.named.scale[...], state["named.scale"].numpy())
    assert int(module.num_batches_tracked[...]) == 7
    assert module.num_batches_tracked[...].dtype == jnp.int32


def test_round_trip_with_numpy() -> None:
    module = Block(rngs=nnx.Rngs(0))
    state = {name: np.asarray(value) for name, value in torch_state().items()}
    load_state_dict(module, state)
    back = state_dict(module)
    assert back.keys() == state.keys()
    for name, value in state.items():
        np.testing.assert_array_equal(back[name], value)


def test_every_problem_is_listed_and_nothing_changes() -> None:
    module, state = Block(rngs=nnx.Rngs(0)), torch_state()
    before = state_dict(module)
    del state["body.0.bias"]
    state["extra"] = torch.zeros(1)
    state["named.scale"] = torch.zeros(3)
    state["running_mean"] = torch.zeros(2, dtype=torch.int64)
    with pytest.raises(ValueError) as caught:
        load_state_dict(module, state)
    for words in (
        "missing: body.0.bias",
        "unexpected: extra",
        "misshapen: named.scale (3,), expected (2,)",
        "another kind: running_mean",
    ):
        assert words in str(caught.value)
    after = state_dict(module)
    assert all(np.array_equal(after[name], before[name]) for name in before)


def test_a_square_matrix_is_transposed_too() -> None:
    module = nnx.Linear(3, 3, rngs=nnx.Rngs(0))
    weight = np.arange(9, dtype=np.float32).reshape(3, 3)
    load_state_dict(module, {"weight": weight, "bias": np.zeros(3, np.float32)})
    np.testing.assert_array_equal(module.kernel[...], weight.T)


def test_aliases_must_agree() -> None:
    module, state = Block(rngs=nnx.Rngs(0)), torch_state()
    state["tied"] = state["tied"] + 1
    with pytest.raises(ValueError, match="one variable"):
        load_state_dict(module, state)


def test_a_second_name_may_be_missing() -> None:
    """A list of layers has no names in PyTorch; as part of an NNX module it has."""
    module, state = Block(rngs=nnx.Rngs(0)), torch_state()
    tied = state.pop("tied").numpy()
    load_state_dict(module, state)
    np.testing.assert_array_equal(module.tied[...], tied)
    assert "tied" in state_dict(module)
    assert state_dict(module, state).keys() == state.keys() - {"cache"}


def test_bfloat16_tensors() -> None:
    module = nnx.Linear(2, 2, use_bias=False, param_dtype=jnp.bfloat16, rngs=nnx.Rngs(0))
    load_state_dict(module, {"weight": torch.tensor([[1.5, 2], [3, 4]], dtype=torch.bfloat16)})
    assert module.kernel[...].dtype == jnp.bfloat16 and float(module.kernel[0, 0]) == 1.5


def test_layers_come_from_the_rules() -> None:
    assert nnx_layer_states()["Linear"] == {"weight": "kernel.T", "bias": "bias"}
    assert nnx_layer_states()["Embed"] == {"weight": "embedding"}
