"""torch: whether gradients are recorded. JAX differentiates functions, and records nothing."""

from tojax.rules.api import torch_api


@torch_api("torch.is_grad_enabled")
def is_grad_enabled() -> bool:
    """Always: whoever calls `jax.grad` decides."""
    return True


@torch_api("torch.is_inference_mode_enabled", "torch.is_inference")
def is_inference_mode_enabled(*args) -> bool:
    """Never: there is no such mode."""
    return False
