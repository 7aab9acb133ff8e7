"""torch.nn: ``reset_parameters``, which starts a layer anew as its constructor started it."""

import jax.numpy as jnp
from flax import nnx

from tojax.rules.api import torch_api

from .nn_initial import bias_from, uniform_by, uniform_weight


@torch_api(
    "torch.nn.Linear.reset_parameters",
    "torch.nn.Conv1d.reset_parameters",
    "torch.nn.Conv2d.reset_parameters",
    "torch.nn.Conv3d.reset_parameters",
)
def reset_layer(self, *, init="flax", rngs: nnx.Rngs) -> None:
    """New initial values of a weight (out, in, *window) and of the bias."""
    if init == "torch":
        return start_anew(self, uniform_weight, uniform_weight, rngs)
    kernel_init = nnx.initializers.lecun_normal(in_axis=1, out_axis=0)
    return start_anew(self, kernel_init, nnx.initializers.zeros, rngs)


@torch_api(
    "torch.nn.ConvTranspose1d.reset_parameters",
    "torch.nn.ConvTranspose2d.reset_parameters",
    "torch.nn.ConvTranspose3d.reset_parameters",
)
def reset_transposed(self, *, init="flax", rngs: nnx.Rngs) -> None:
    """New initial values of a weight (in, out, *window) and of the bias."""
    if init == "torch":
        return start_anew(self, uniform_weight, uniform_weight, rngs)
    kernel_init = nnx.initializers.lecun_normal(in_axis=0, out_axis=1)
    return start_anew(self, kernel_init, nnx.initializers.zeros, rngs)


def start_anew(
    layer, kernel_init: nnx.Initializer, bias_init: nnx.Initializer, rngs: nnx.Rngs
) -> None:
    """Draw the weight of a layer, and its bias if it has one."""
    shape = layer.weight.shape
    layer.weight[...] = kernel_init(rngs.params(), shape, layer.weight.dtype)
    if layer.bias is not None:
        layer.bias[...] = bias_from(bias_init, rngs.params(), shape, layer.bias.size)


@torch_api("torch.nn.Embedding.reset_parameters")
def reset_embedding(self, *, init="flax", rngs: nnx.Rngs) -> None:
    """New initial vectors; the one for padding stays zeros."""
    if init == "torch":
        return draw_rows(self, nnx.initializers.normal(1.0), rngs)
    draw = nnx.initializers.variance_scaling(1.0, "fan_in", "normal", out_axis=0)
    return draw_rows(self, draw, rngs)


def draw_rows(layer, embedding_init: nnx.Initializer, rngs: nnx.Rngs) -> None:
    """Draw the vectors of an embedding anew."""
    weight = embedding_init(rngs.params(), layer.weight.shape, layer.weight.dtype)
    if layer.padding_idx is not None:
        weight = weight.at[layer.padding_idx].set(0)
    layer.weight[...] = weight


@torch_api(
    "torch.nn.LSTM.reset_parameters",
    "torch.nn.GRU.reset_parameters",
    "torch.nn.RNN.reset_parameters",
    "torch.nn.LSTMCell.reset_parameters",
    "torch.nn.GRUCell.reset_parameters",
    "torch.nn.RNNCell.reset_parameters",
)
def reset_recurrent(self, *, rngs: nnx.Rngs) -> None:
    """New initial values of all parameters."""
    draw = uniform_by(self.hidden_size)
    for value in vars(self).values():
        if isinstance(value, nnx.Param):
            value[...] = draw(rngs.params(), value.shape, value.dtype)


@torch_api("torch.nn.LayerNorm.reset_parameters", "torch.nn.GroupNorm.reset_parameters")
def reset_scale_and_shift(self) -> None:
    """A scale of ones and a shift of zeros again, for the one that the layer has."""
    if self.weight is not None:
        self.weight[...] = jnp.ones_like(self.weight[...])
    if self.bias is not None:
        self.bias[...] = jnp.zeros_like(self.bias[...])


@torch_api("torch.nn.RMSNorm.reset_parameters")
def reset_scale(self) -> None:
    """A scale of ones again."""
    if self.weight is not None:
        self.weight[...] = jnp.ones_like(self.weight[...])


@torch_api(
    "torch.nn.BatchNorm1d.reset_running_stats",
    "torch.nn.BatchNorm2d.reset_running_stats",
    "torch.nn.BatchNorm3d.reset_running_stats",
    "torch.nn.InstanceNorm1d.reset_running_stats",
    "torch.nn.InstanceNorm2d.reset_running_stats",
    "torch.nn.InstanceNorm3d.reset_running_stats",
)
def reset_running_stats(self) -> None:
    """A running mean of zeros and a running variance of ones again."""
    if self.track_running_stats:
        self.running_mean[...] = jnp.zeros_like(self.running_mean[...])
        self.running_var[...] = jnp.ones_like(self.running_var[...])
        self.num_batches_tracked[...] = jnp.zeros_like(self.num_batches_tracked[...])


@torch_api(
    "torch.nn.BatchNorm1d.reset_parameters",
    "torch.nn.BatchNorm2d.reset_parameters",
    "torch.nn.BatchNorm3d.reset_parameters",
    "torch.nn.InstanceNorm1d.reset_parameters",
    "torch.nn.InstanceNorm2d.reset_parameters",
    "torch.nn.InstanceNorm3d.reset_parameters",
)
def reset_running_norm(self) -> None:
    """A scale of ones, a shift of zeros and new running statistics."""
    reset_running_stats(self)
    reset_scale_and_shift(self)
