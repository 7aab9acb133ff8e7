"""torch.nn: layers that take the size of their input from their first call."""

import jax.numpy as jnp
import pytest
import torch
from flax import nnx
from rules.api import nn_lazy
from torch import nn

from tests.rules.layers import assert_layer, load

SIZES = (6, 5, 4)
CASES = [
    ("LazyLinear", (3,), {"bias": False}, (2, 5)),
    *((f"LazyConv{n}d", (4, 3), {"padding": 1}, (2, 3, *SIZES[:n])) for n in (1, 2, 3)),
    *((f"LazyConvTranspose{n}d", (4, 3, 2), {}, (2, 3, *SIZES[:n])) for n in (1, 2, 3)),
    *((f"LazyInstanceNorm{n}d", (), {"affine": True}, (2, 3, *SIZES[:n])) for n in (1, 2, 3)),
]


@pytest.mark.filterwarnings("ignore:Lazy modules")
@pytest.mark.parametrize(("name", "args", "options", "shape"), CASES)
def test_lazy_layer(name, args, options, shape):
    draws = {} if "Norm" in name else {"rngs": nnx.Rngs(0)}
    ours, theirs = getattr(nn_lazy, name)(*args, **options, **draws), getattr(nn, name)
    theirs = theirs(*args, **options)
    x = torch.randn(shape)
    theirs(x)
    ours(jnp.asarray(x.numpy()))
    assert_layer(ours, theirs, x, gradients="2d" in name, rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_the_mode_chosen_before_the_first_call_stays():
    ours, theirs = nn_lazy.LazyBatchNorm(momentum=0.3), nn.LazyBatchNorm2d(momentum=0.3)
    x = torch.randn(4, 3, 2, 2)
    ours.eval()
    theirs.eval()
    assert jnp.allclose(ours(jnp.asarray(x.numpy())), theirs(x).detach().numpy(), atol=1e-5)
    load(ours, theirs)
    assert_layer(ours, theirs, x, gradients=False)


def test_layers_with_one_source_of_keys_start_differently():
    rngs = nnx.Rngs(0)
    first, second = (nn_lazy.LazyLinear(3, rngs=rngs) for _ in range(2))
    x = jnp.ones((1, 4))
    assert not jnp.array_equal(first(x), second(x))
