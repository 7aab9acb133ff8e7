"""torch.nn: dropout."""

import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from rules.api import nn_dropout

CHANNELS = [
    ("dropout1d", 3),
    ("dropout2d", 4),
    ("dropout3d", 5),
    ("dropout1d", 2),
    ("dropout3d", 4),
]


def test_dropout_zeros_elements_and_scales_the_others():
    layer = nn_dropout.dropout_layer(0.25, rngs=nnx.Rngs(0))
    y = np.asarray(layer(jnp.ones((100, 100))))
    np.testing.assert_allclose(np.unique(y), [0, 1 / 0.75])
    assert abs((y == 0).mean() - 0.25) < 0.02
    layer.eval()
    assert (layer(jnp.ones(5)) == 1).all()


@pytest.mark.parametrize(("name", "ndim"), CHANNELS)
def test_dropout_of_channels(name, ndim):
    layer = getattr(nn_dropout, f"{name}_layer")(0.25, rngs=nnx.Rngs(0))
    spatial = int(name[-2])
    shape = (40, 50)[: ndim - spatial] + (2,) * spatial
    y = np.asarray(layer(jnp.ones(shape)))
    channels = y.reshape(*shape[:-spatial], -1)
    assert (channels == channels[..., :1]).all()
    assert 0.1 < (channels == 0).mean() < 0.45
    np.testing.assert_allclose(np.unique(y), [0, 1 / 0.75])


@pytest.mark.parametrize("layer_type", [nn_dropout.AlphaDropout, nn_dropout.FeatureAlphaDropout])
def test_alpha_dropout_keeps_mean_and_variance(layer_type):
    layer = layer_type(0.25, rngs=nnx.Rngs(0))
    x = np.random.default_rng(0).normal(size=(200, 200, 3)).astype(np.float32)
    y = np.asarray(layer(x))
    assert abs(y.mean()) < 0.03 and abs(y.std() - 1) < 0.03
    values, counts = np.unique(y, return_counts=True)
    dropped = y == values[counts.argmax()]
    assert 0.2 < dropped.mean() < 0.3
    whole_channels = (dropped.any(axis=2) == dropped.all(axis=2)).all()
    assert whole_channels == (layer_type is nn_dropout.FeatureAlphaDropout)
    layer.eval()
    assert (layer(x) == x).all()


def test_dropout_differs_from_call_to_call_under_jit():
    layer = nn_dropout.AlphaDropout(0.5, rngs=nnx.Rngs(0))
    run = nnx.jit(lambda layer, x: layer(x))
    assert (run(layer, jnp.ones(100)) != run(layer, jnp.ones(100))).any()
