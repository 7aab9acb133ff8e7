"""torch.nn: a loss with a dense layer of its own."""

import math

from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_classification_loss import linear_cross_entropy
from .nn_initial import uniform_weight
from .nn_linear import Linear


@torch_api("torch.nn.LinearCrossEntropyLoss", kernel_init=uniform_weight, bias_init=uniform_weight)
class LinearCrossEntropyLoss(nnx.Module):
    """Cross entropy of the scores that a dense layer gives its input."""

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: tuple[int, ...] = (),
        bias: bool = False,
        reduction: str = "mean",
        weight: Array | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options=None,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        self.linear = Linear(
            in_features,
            num_classes * math.prod(out_features),
            bias,
            kernel_init=kernel_init,
            bias_init=bias_init,
            rngs=rngs,
        )
        self.shape = (num_classes, *out_features)
        self.weight = None if weight is None else nnx.BatchStat(weight)
        self.reduction = reduction
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def __call__(self, x: Array, target: Array) -> Array:
        bias = self.linear.bias
        return linear_cross_entropy(
            x,
            self.linear.weight[...].reshape(*self.shape, -1),
            target,
            linear_bias=None if bias is None else bias[...].reshape(self.shape),
            weight=None if self.weight is None else self.weight[...],
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
        )
