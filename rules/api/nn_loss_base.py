"""torch.nn.modules.loss: the class that losses of one's own derive from."""

from flax import nnx

from tojax.rules.api import torch_api

from .functional_loss import legacy_reduction


@torch_api("torch.nn.modules.loss._Loss")
class _Loss(nnx.Module):
    """A loss that keeps how it is reduced."""

    def __init__(self, size_average=None, reduce=None, reduction="mean"):
        is_legacy = size_average is not None or reduce is not None
        self.reduction = legacy_reduction(size_average, reduce) if is_legacy else reduction
