"""torch.nn: pooling, padding and resizing as classes, where code asks whether a layer is a module.

Elsewhere these layers, which have no parameters, are functions.
"""

from tojax.rules.api import torch_api

from .nn_activation_classes import FunctionLayer
from .nn_pool import (
    adaptive_avg_pool1d_layer,
    adaptive_avg_pool2d_layer,
    adaptive_avg_pool3d_layer,
    adaptive_max_pool1d_layer,
    adaptive_max_pool2d_layer,
    adaptive_max_pool3d_layer,
    avg_pool1d_layer,
    avg_pool2d_layer,
    avg_pool3d_layer,
    lp_pool1d_layer,
    lp_pool2d_layer,
    lp_pool3d_layer,
    max_pool1d_layer,
    max_pool2d_layer,
    max_pool3d_layer,
    max_unpool1d_layer,
    max_unpool2d_layer,
    max_unpool3d_layer,
)
from .nn_resize import (
    channel_shuffle_layer,
    circular_pad1d_layer,
    circular_pad2d_layer,
    circular_pad3d_layer,
    constant_pad1d_layer,
    constant_pad2d_layer,
    constant_pad3d_layer,
    fold_layer,
    interpolate_layer,
    pixel_shuffle_layer,
    pixel_unshuffle_layer,
    reflection_pad1d_layer,
    reflection_pad2d_layer,
    reflection_pad3d_layer,
    replication_pad1d_layer,
    replication_pad2d_layer,
    replication_pad3d_layer,
    unfold_layer,
    upsample_bilinear_layer,
    upsample_nearest_layer,
    zero_pad1d_layer,
    zero_pad2d_layer,
    zero_pad3d_layer,
)


@torch_api("torch.nn.MaxPool1d")
class MaxPool1d(FunctionLayer):
    make = staticmethod(max_pool1d_layer)


@torch_api("torch.nn.MaxPool2d")
class MaxPool2d(FunctionLayer):
    make = staticmethod(max_pool2d_layer)


@torch_api("torch.nn.MaxPool3d")
class MaxPool3d(FunctionLayer):
    make = staticmethod(max_pool3d_layer)


@torch_api("torch.nn.AvgPool1d")
class AvgPool1d(FunctionLayer):
    make = staticmethod(avg_pool1d_layer)


@torch_api("torch.nn.AvgPool2d")
class AvgPool2d(FunctionLayer):
    make = staticmethod(avg_pool2d_layer)


@torch_api("torch.nn.AvgPool3d")
class AvgPool3d(FunctionLayer):
    make = staticmethod(avg_pool3d_layer)


@torch_api("torch.nn.LPPool1d")
class LPPool1d(FunctionLayer):
    make = staticmethod(lp_pool1d_layer)


@torch_api("torch.nn.LPPool2d")
class LPPool2d(FunctionLayer):
    make = staticmethod(lp_pool2d_layer)


@torch_api("torch.nn.LPPool3d")
class LPPool3d(FunctionLayer):
    make = staticmethod(lp_pool3d_layer)


@torch_api("torch.nn.AdaptiveAvgPool1d")
class AdaptiveAvgPool1d(FunctionLayer):
    make = staticmethod(adaptive_avg_pool1d_layer)


@torch_api("torch.nn.AdaptiveAvgPool2d")
class AdaptiveAvgPool2d(FunctionLayer):
    make = staticmethod(adaptive_avg_pool2d_layer)


@torch_api("torch.nn.AdaptiveAvgPool3d")
class AdaptiveAvgPool3d(FunctionLayer):
    make = staticmethod(adaptive_avg_pool3d_layer)


@torch_api("torch.nn.AdaptiveMaxPool1d")
class AdaptiveMaxPool1d(FunctionLayer):
    make = staticmethod(adaptive_max_pool1d_layer)


@torch_api("torch.nn.AdaptiveMaxPool2d")
class AdaptiveMaxPool2d(FunctionLayer):
    make = staticmethod(adaptive_max_pool2d_layer)


@torch_api("torch.nn.AdaptiveMaxPool3d")
class AdaptiveMaxPool3d(FunctionLayer):
    make = staticmethod(adaptive_max_pool3d_layer)


@torch_api("torch.nn.MaxUnpool1d")
class MaxUnpool1d(FunctionLayer):
    make = staticmethod(max_unpool1d_layer)


@torch_api("torch.nn.MaxUnpool2d")
class MaxUnpool2d(FunctionLayer):
    make = staticmethod(max_unpool2d_layer)


@torch_api("torch.nn.MaxUnpool3d")
class MaxUnpool3d(FunctionLayer):
    make = staticmethod(max_unpool3d_layer)


@torch_api("torch.nn.Unfold")
class Unfold(FunctionLayer):
    make = staticmethod(unfold_layer)


@torch_api("torch.nn.Fold")
class Fold(FunctionLayer):
    make = staticmethod(fold_layer)


@torch_api("torch.nn.PixelShuffle")
class PixelShuffle(FunctionLayer):
    make = staticmethod(pixel_shuffle_layer)


@torch_api("torch.nn.PixelUnshuffle")
class PixelUnshuffle(FunctionLayer):
    make = staticmethod(pixel_unshuffle_layer)


@torch_api("torch.nn.ChannelShuffle")
class ChannelShuffle(FunctionLayer):
    make = staticmethod(channel_shuffle_layer)


@torch_api("torch.nn.Upsample")
class Upsample(FunctionLayer):
    make = staticmethod(interpolate_layer)


@torch_api("torch.nn.UpsamplingNearest2d")
class UpsamplingNearest2d(FunctionLayer):
    make = staticmethod(upsample_nearest_layer)


@torch_api("torch.nn.UpsamplingBilinear2d")
class UpsamplingBilinear2d(FunctionLayer):
    make = staticmethod(upsample_bilinear_layer)


@torch_api("torch.nn.ZeroPad1d")
class ZeroPad1d(FunctionLayer):
    make = staticmethod(zero_pad1d_layer)


@torch_api("torch.nn.ZeroPad2d")
class ZeroPad2d(FunctionLayer):
    make = staticmethod(zero_pad2d_layer)


@torch_api("torch.nn.ZeroPad3d")
class ZeroPad3d(FunctionLayer):
    make = staticmethod(zero_pad3d_layer)


@torch_api("torch.nn.ConstantPad1d")
class ConstantPad1d(FunctionLayer):
    make = staticmethod(constant_pad1d_layer)


@torch_api("torch.nn.ConstantPad2d")
class ConstantPad2d(FunctionLayer):
    make = staticmethod(constant_pad2d_layer)


@torch_api("torch.nn.ConstantPad3d")
class ConstantPad3d(FunctionLayer):
    make = staticmethod(constant_pad3d_layer)


@torch_api("torch.nn.ReflectionPad1d")
class ReflectionPad1d(FunctionLayer):
    make = staticmethod(reflection_pad1d_layer)


@torch_api("torch.nn.ReflectionPad2d")
class ReflectionPad2d(FunctionLayer):
    make = staticmethod(reflection_pad2d_layer)


@torch_api("torch.nn.ReflectionPad3d")
class ReflectionPad3d(FunctionLayer):
    make = staticmethod(reflection_pad3d_layer)


@torch_api("torch.nn.ReplicationPad1d")
class ReplicationPad1d(FunctionLayer):
    make = staticmethod(replication_pad1d_layer)


@torch_api("torch.nn.ReplicationPad2d")
class ReplicationPad2d(FunctionLayer):
    make = staticmethod(replication_pad2d_layer)


@torch_api("torch.nn.ReplicationPad3d")
class ReplicationPad3d(FunctionLayer):
    make = staticmethod(replication_pad3d_layer)


@torch_api("torch.nn.CircularPad1d")
class CircularPad1d(FunctionLayer):
    make = staticmethod(circular_pad1d_layer)


@torch_api("torch.nn.CircularPad2d")
class CircularPad2d(FunctionLayer):
    make = staticmethod(circular_pad2d_layer)


@torch_api("torch.nn.CircularPad3d")
class CircularPad3d(FunctionLayer):
    make = staticmethod(circular_pad3d_layer)
