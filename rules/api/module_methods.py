"""torch.nn.Module: methods that place or convert a module."""

from flax import nnx

from tojax.rules.api import torch_api


@torch_api(
    "torch.nn.Module.cpu",
    "torch.nn.Module.cuda",
    "torch.nn.Module.float",
    "torch.nn.Module.share_memory",
)
def place(self, device=None) -> nnx.Module:
    """JAX places arrays itself, and modules are float32 already."""
    return self


@torch_api("torch.nn.Module.to")
def to(self, device=None, dtype=None, non_blocking=False, *, memory_format=None) -> nnx.Module:
    """The module itself: JAX places arrays; another dtype is chosen when a layer is made."""
    if dtype is not None:
        raise NotImplementedError("give the layers a dtype (param_dtype) when they are made")
    return self


def in_mode(module: nnx.Module, training: bool) -> nnx.Module:
    """What ``train()`` or ``eval()`` give: of NNX's modules nothing, so the module itself."""
    given = module.train() if training else module.eval()
    return module if given is None else given
