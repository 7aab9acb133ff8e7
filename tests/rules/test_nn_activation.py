"""torch.nn: activations."""

import pytest
import torch
from flax import nnx
from rules.api import nn_activation
from torch import nn

from tests.rules.compare import assert_same, to_jax
from tests.rules.layers import assert_layer

CASES = [
    ("relu", nn.ReLU, {}),
    ("relu6", nn.ReLU6, {}),
    ("leaky_relu", nn.LeakyReLU, {}),
    ("leaky_relu", nn.LeakyReLU, {"negative_slope": 0.3}),
    ("elu", nn.ELU, {}),
    ("elu", nn.ELU, {"alpha": 0.5}),
    ("celu", nn.CELU, {}),
    ("celu", nn.CELU, {"alpha": 0.5}),
    ("selu", nn.SELU, {}),
    ("gelu", nn.GELU, {}),
    ("gelu", nn.GELU, {"approximate": "tanh"}),
    ("silu", nn.SiLU, {}),
    ("mish", nn.Mish, {}),
    ("sigmoid", nn.Sigmoid, {}),
    ("log_sigmoid", nn.LogSigmoid, {}),
    ("tanh", nn.Tanh, {}),
    ("tanhshrink", nn.Tanhshrink, {}),
    ("softsign", nn.Softsign, {}),
    ("softplus", nn.Softplus, {}),
    ("softplus", nn.Softplus, {"beta": 2.0, "threshold": 3.0}),
    ("hardtanh", nn.Hardtanh, {}),
    ("hardtanh", nn.Hardtanh, {"min_val": -0.5, "max_val": 2.0}),
    ("hardsigmoid", nn.Hardsigmoid, {}),
    ("hardswish", nn.Hardswish, {}),
    ("hardshrink", nn.Hardshrink, {"lambd": 0.7}),
    ("softshrink", nn.Softshrink, {"lambd": 0.7}),
    ("threshold", nn.Threshold, {"threshold": 0.1, "value": 20.0}),
    ("glu", nn.GLU, {}),
    ("glu", nn.GLU, {"dim": 1}),
    ("softmax", nn.Softmax, {"dim": -1}),
    ("softmax", nn.Softmax, {"dim": 1}),
    ("log_softmax", nn.LogSoftmax, {"dim": -1}),
    ("log_softmax", nn.LogSoftmax, {"dim": 1}),
    ("softmin", nn.Softmin, {"dim": 1}),
    ("softmax2d", nn.Softmax2d, {}),
]


@pytest.mark.parametrize(("name", "module", "options"), CASES)
def test_activation(name, module, options):
    x = torch.linspace(-30, 30, 240).reshape(2, 4, 5, 6)
    x[0, 0] /= 10
    layer = getattr(nn_activation, f"{name}_layer")(**options)
    assert_layer(layer, module(**options), x, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_softmax_without_axis(name):
    module = {"softmax": nn.Softmax, "log_softmax": nn.LogSoftmax, "softmin": nn.Softmin}[name]
    layer = getattr(nn_activation, f"{name}_layer")()
    for shape in ((4,), (2, 3), (2, 3, 4), (2, 3, 4, 5)):
        assert_layer(layer, module(), torch.randn(shape), gradients=False)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (2, 3, 4, 5)])
@pytest.mark.parametrize("count", [1, 3])
def test_prelu(shape, count):
    assert_layer(nn_activation.PReLU(count, 0.3), nn.PReLU(count, 0.3), torch.randn(shape))


def test_rrelu():
    ours, theirs = nn_activation.RReLU(0.3, 0.3, rngs=nnx.Rngs(0)), nn.RReLU(0.3, 0.3)
    assert_layer(ours, theirs, torch.randn(2, 3))  # one possible slope, so nothing is random
    ours, theirs = nn_activation.RReLU(rngs=nnx.Rngs(0)), nn.RReLU()
    ours.eval(), theirs.eval()
    x = torch.randn(2, 3)
    assert_same(ours(to_jax(x)), theirs(x))
    ours.train()
    slopes = -ours(-torch.ones(100).numpy())
    assert (slopes >= 1 / 8).all() and (slopes <= 1 / 3).all() and slopes.std() > 0.03
