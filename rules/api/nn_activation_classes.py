"""torch.nn: activations and shapes as classes, where code asks whether a layer is a module.

Elsewhere these layers, which have no parameters, are functions.
"""

import inspect

from flax import nnx

from tojax.rules.api import torch_api

from .nn_activation import (
    celu_layer,
    elu_layer,
    gelu_layer,
    glu_layer,
    hardshrink_layer,
    hardsigmoid_layer,
    hardswish_layer,
    hardtanh_layer,
    leaky_relu_layer,
    log_sigmoid_layer,
    log_softmax_layer,
    mish_layer,
    relu6_layer,
    relu_layer,
    selu_layer,
    sigmoid_layer,
    silu_layer,
    softmax2d_layer,
    softmax_layer,
    softmin_layer,
    softplus_layer,
    softshrink_layer,
    softsign_layer,
    tanh_layer,
    tanhshrink_layer,
    threshold_layer,
)
from .nn_linear import (
    flatten,
    identity,
    unflatten,
)
from .nn_norm import (
    local_response_norm_layer,
)


class FunctionLayer(nnx.Module):
    """A layer without parameters; ``make`` gives the function that it is."""

    def __init__(self, *args, **kwargs):
        given = inspect.signature(self.make).bind(*args, **kwargs)
        given.apply_defaults()
        for name, value in given.arguments.items():
            setattr(self, name, value)

    def __call__(self, *args, **kwargs):
        options = {name: getattr(self, name) for name in inspect.signature(self.make).parameters}
        return self.make(**options)(*args, **kwargs)


@torch_api("torch.nn.ReLU")
class ReLU(FunctionLayer):
    make = staticmethod(relu_layer)


@torch_api("torch.nn.ReLU6")
class ReLU6(FunctionLayer):
    make = staticmethod(relu6_layer)


@torch_api("torch.nn.LeakyReLU")
class LeakyReLU(FunctionLayer):
    make = staticmethod(leaky_relu_layer)


@torch_api("torch.nn.ELU")
class ELU(FunctionLayer):
    make = staticmethod(elu_layer)


@torch_api("torch.nn.CELU")
class CELU(FunctionLayer):
    make = staticmethod(celu_layer)


@torch_api("torch.nn.SELU")
class SELU(FunctionLayer):
    make = staticmethod(selu_layer)


@torch_api("torch.nn.GELU")
class GELU(FunctionLayer):
    make = staticmethod(gelu_layer)


@torch_api("torch.nn.SiLU")
class SiLU(FunctionLayer):
    make = staticmethod(silu_layer)


@torch_api("torch.nn.Mish")
class Mish(FunctionLayer):
    make = staticmethod(mish_layer)


@torch_api("torch.nn.Sigmoid")
class Sigmoid(FunctionLayer):
    make = staticmethod(sigmoid_layer)


@torch_api("torch.nn.LogSigmoid")
class LogSigmoid(FunctionLayer):
    make = staticmethod(log_sigmoid_layer)


@torch_api("torch.nn.Tanh")
class Tanh(FunctionLayer):
    make = staticmethod(tanh_layer)


@torch_api("torch.nn.Tanhshrink")
class Tanhshrink(FunctionLayer):
    make = staticmethod(tanhshrink_layer)


@torch_api("torch.nn.Softsign")
class Softsign(FunctionLayer):
    make = staticmethod(softsign_layer)


@torch_api("torch.nn.Softplus")
class Softplus(FunctionLayer):
    make = staticmethod(softplus_layer)


@torch_api("torch.nn.Hardtanh")
class Hardtanh(FunctionLayer):
    make = staticmethod(hardtanh_layer)


@torch_api("torch.nn.Hardsigmoid")
class Hardsigmoid(FunctionLayer):
    make = staticmethod(hardsigmoid_layer)


@torch_api("torch.nn.Hardswish")
class Hardswish(FunctionLayer):
    make = staticmethod(hardswish_layer)


@torch_api("torch.nn.Hardshrink")
class Hardshrink(FunctionLayer):
    make = staticmethod(hardshrink_layer)


@torch_api("torch.nn.Softshrink")
class Softshrink(FunctionLayer):
    make = staticmethod(softshrink_layer)


@torch_api("torch.nn.Threshold")
class Threshold(FunctionLayer):
    make = staticmethod(threshold_layer)


@torch_api("torch.nn.GLU")
class GLU(FunctionLayer):
    make = staticmethod(glu_layer)


@torch_api("torch.nn.Softmax")
class Softmax(FunctionLayer):
    make = staticmethod(softmax_layer)


@torch_api("torch.nn.Softmax2d")
class Softmax2d(FunctionLayer):
    make = staticmethod(softmax2d_layer)


@torch_api("torch.nn.LogSoftmax")
class LogSoftmax(FunctionLayer):
    make = staticmethod(log_softmax_layer)


@torch_api("torch.nn.Softmin")
class Softmin(FunctionLayer):
    make = staticmethod(softmin_layer)


@torch_api("torch.nn.Identity")
class Identity(FunctionLayer):
    make = staticmethod(identity)


@torch_api("torch.nn.Flatten")
class Flatten(FunctionLayer):
    make = staticmethod(flatten)


@torch_api("torch.nn.Unflatten")
class Unflatten(FunctionLayer):
    make = staticmethod(unflatten)


@torch_api("torch.nn.LocalResponseNorm")
class LocalResponseNorm(FunctionLayer):
    make = staticmethod(local_response_norm_layer)
