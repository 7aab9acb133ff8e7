"""rules/api: torch.utils._pytree, torch.utils.dlpack and small names, against torch."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from rules.api import cuda_memory, pytree
from torch.utils import _pytree as torch_pytree

from tests.rules.compare import assert_same, to_jax
from tests.rules.functional import normal

TREE = {"a": [normal(2), None], "b": (normal(3), 4)}


def shape(leaf):
    """What becomes of a leaf, None and numbers included."""
    return tuple(leaf.shape) if hasattr(leaf, "shape") else str(leaf)


def is_pair(leaf):
    """A container to be taken as a leaf."""
    return isinstance(leaf, tuple)


@pytest.mark.parametrize("is_leaf", [None, is_pair])
def test_map(is_leaf):
    expected = torch_pytree.tree_map(shape, TREE, is_leaf=is_leaf)
    actual = pytree.tree_map(shape, to_jax(TREE), is_leaf=is_leaf)
    if is_leaf is None:
        assert actual == expected
    assert actual["a"] == expected["a"]
    assert type(actual["b"]) is type(expected["b"])


def test_map_of_several_trees_and_of_one_type():
    assert pytree.tree_map(lambda a, b: a + b, {"x": [1, 2]}, {"x": [3, 4]}) == {"x": [4, 6]}
    only = pytree.tree_map_only(jax.Array, shape, to_jax(TREE))
    assert only == torch_pytree.tree_map_only(torch.Tensor, shape, TREE)
    with pytest.raises(NotImplementedError, match="is_leaf"):
        pytree.tree_map_only(jax.Array, shape, to_jax(TREE), is_leaf=is_pair)


@pytest.mark.parametrize("is_leaf", [None, is_pair])
def test_leaves(is_leaf):
    expected, _ = torch_pytree.tree_flatten(TREE, is_leaf=is_leaf)
    leaves, structure = pytree.tree_flatten(to_jax(TREE), is_leaf=is_leaf)
    assert_same(leaves, expected)
    assert_same(pytree.tree_leaves(to_jax(TREE), is_leaf=is_leaf), expected)
    assert pytree.tree_structure(to_jax(TREE), is_leaf=is_leaf) == structure
    assert_same(pytree.tree_unflatten(leaves, structure)["b"], TREE["b"])


def test_dlpack():
    array = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    made = pytree.from_dlpack(array)
    assert isinstance(made, jax.Array)
    np.testing.assert_array_equal(made, array)
    np.testing.assert_array_equal(np.from_dlpack(pytree.to_dlpack(made)), array)


def test_size_and_cond():
    assert pytree.size([2, 3]) == torch.Size([2, 3])
    assert pytree.size() == torch.Size()
    assert pytree.size_numel((2, 3)) == torch.Size([2, 3]).numel()
    for sign in (1.0, -1.0):
        result = pytree.cond(jnp.asarray(sign) > 0, jnp.sin, jnp.cos, (jnp.ones(2),))
        np.testing.assert_allclose(result, (np.sin if sign > 0 else np.cos)(np.ones(2)), rtol=1e-6)


class Device:
    """A device that tells of its memory."""

    def memory_stats(self):
        return {"bytes_in_use": 3, "peak_bytes_in_use": 5, "bytes_limit": 10, "pool_bytes": 7}


def test_memory(monkeypatch):
    monkeypatch.setattr(jax, "devices", lambda: [Device()])
    assert cuda_memory.memory_allocated() == 3
    assert cuda_memory.max_memory_allocated("cuda") == 5
    assert cuda_memory.memory_reserved() == 7
    assert cuda_memory.max_memory_reserved() == 0
    assert cuda_memory.mem_get_info() == (7, 10)


@pytest.mark.parametrize("backend", ["cpu", "gpu"])
def test_backend(monkeypatch, backend):
    monkeypatch.setattr(jax, "default_backend", lambda: backend)
    is_gpu = backend == "gpu"
    assert cuda_memory.is_available() is cuda_memory.is_initialized() is is_gpu
    assert cuda_memory.is_cuda(jnp.ones(2)) is is_gpu
    assert cuda_memory.is_cpu(jnp.ones(2)) is not is_gpu
    assert cuda_memory.get_device(jnp.ones(2)) == (0 if is_gpu else -1)


def test_one_process():
    assert cuda_memory.device_count() == len(jax.devices())
    assert cuda_memory.current_accelerator() in jax.devices()
    assert (cuda_memory.get_rank(), cuda_memory.get_world_size()) == (0, 1)
    assert not cuda_memory.is_distributed()
    tensor = torch.ones(2)
    names = ("is_meta", "is_nested", "is_quantized", "is_sparse", "is_xla")
    assert {getattr(tensor, name) for name in names} == {cuda_memory.is_special(jnp.ones(2))}
