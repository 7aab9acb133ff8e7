"""torch.nn.utils: gradient clipping, on the gradients that `nnx.grad` returns.

PyTorch clips the `.grad` of parameters in place; here the gradients are a value. The first argument
is that tree of gradients.
"""

import jax
import jax.numpy as jnp
import optax
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm")
def clip_grad_norm(
    grads, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None
) -> tuple[dict, Array]:
    """Scales gradients so that their joint norm is at most `max_norm`.

    Returns:
        The scaled gradients and the norm before scaling.
    """
    if error_if_nonfinite:
        raise NotImplementedError("error_if_nonfinite raises on a value, which jit cannot do")
    norm = optax.tree.norm(grads) if norm_type == 2 else total_norm(grads, norm_type)
    scale = jnp.minimum(max_norm / (norm + 1e-6), 1.0)
    return jax.tree.map(lambda grad: grad * scale.astype(grad.dtype), grads), norm


@torch_api("torch.nn.utils.clip_grad_value_")
def clip_grad_value(grads, clip_value, foreach=None) -> dict:
    """Clips every element of the gradients to `[-clip_value, clip_value]`."""
    return jax.tree.map(lambda grad: jnp.clip(grad, -clip_value, clip_value), grads)


@torch_api("torch.nn.utils.get_total_norm")
def total_norm(grads, norm_type=2.0, error_if_nonfinite=False, foreach=None) -> Array:
    """The norm of all elements of the gradients together."""
    leaves = jax.tree.leaves(grads)
    norms = [jnp.linalg.norm(grad.ravel(), ord=float(norm_type)) for grad in leaves]
    return jnp.linalg.norm(jnp.stack(norms), ord=float(norm_type))


@torch_api("torch.nn.utils.clip_grads_with_norm_")
def clip_grads_with_norm(grads, max_norm, total_norm, foreach=None) -> dict:
    """Scales gradients of norm `total_norm` so that it is at most `max_norm`."""
    scale = jnp.minimum(max_norm / (total_norm + 1e-6), 1.0)
    return jax.tree.map(lambda grad: grad * scale.astype(grad.dtype), grads)
