"""torch.amp: gradient scaling, which float32 and bfloat16 do without.

A scaler keeps small float16 gradients from vanishing. The translation computes in the dtypes of
its arrays, so that a scaler has nothing to do.
"""

from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.amp.GradScaler")
def grad_scaler(
    device=None,
    init_scale=2.0**16,
    growth_factor=2.0,
    backoff_factor=0.5,
    growth_interval=2000,
    enabled=True,
) -> None:
    """No scaler."""
    return None


@torch_api("torch.amp.GradScaler.scale")
def scale(self, outputs: Array) -> Array:
    """The loss as it is."""
    return outputs


@torch_api("torch.amp.GradScaler.unscale_", "torch.amp.GradScaler.update")
def unscale(self, *args, **kwargs) -> None:
    """Nothing was scaled."""
    return None


@torch_api("torch.amp.GradScaler.get_scale")
def get_scale(self) -> float:
    """One."""
    return 1.0


@torch_api("torch.amp.GradScaler.is_enabled")
def is_enabled(self) -> bool:
    """Never."""
    return False


@torch_api("torch.amp.GradScaler.state_dict")
def state_dict(self) -> dict:
    """Nothing to save."""
    return {}


@torch_api("torch.amp.GradScaler.load_state_dict")
def load_state_dict(self, state_dict) -> None:
    """Nothing to load."""
    return None


@torch_api("torch.is_autocast_enabled", "torch.is_autocast_cpu_enabled")
def is_autocast_enabled(device_type=None) -> bool:
    """Never: JAX computes in the dtypes of its arrays."""
    return False


@torch_api("torch.amp.custom_fwd", "torch.amp.custom_bwd")
def custom_fwd(fwd=None, *args, **kwargs):
    """A function as it is."""
    return fwd
