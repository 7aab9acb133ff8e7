"""torch.nn: one model on several devices, for which JAX shares the arrays out."""

import jax
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.nn.DataParallel")
class DataParallel(nnx.Module):
    """Runs ``module`` on batches that are shared out over devices; each has all parameters.

    Batch statistics are those of the whole batch. A batch that cannot be divided evenly stays on
    one device.

    Args:
        module: the model.
        device_ids: places in `jax.devices()`; all of them by default.
        dim: the axis of the batch.
    """

    def __init__(self, module, device_ids=None, output_device=None, dim: int = 0):
        self.module = module
        self.device_ids = None if device_ids is None else tuple(device_ids)
        self.dim = dim

    def __call__(self, *inputs, **options):
        def is_layer(value) -> bool:
            return isinstance(value, nnx.Module)

        inputs, options = jax.tree.map(self._share_out, (inputs, options), is_leaf=is_layer)
        return self.module(*inputs, **options)

    def _share_out(self, value):
        devices = jax.devices()
        if self.device_ids is not None:
            devices = [devices[index] for index in self.device_ids if index < len(devices)]
        if not isinstance(value, Array) or len(devices) < 2 or value.ndim <= self.dim:
            return value
        if value.shape[self.dim] % len(devices):
            return value
        mesh = jax.sharding.Mesh(devices, ("batch",))
        axes = jax.sharding.PartitionSpec(*[None] * self.dim, "batch")
        return jax.device_put(value, jax.sharding.NamedSharding(mesh, axes))


@torch_api("torch.nn.SyncBatchNorm.convert_sync_batchnorm")
def convert_sync_batchnorm(module, process_group=None):
    """Batch statistics are those of the whole batch already, on however many devices."""
    return module
