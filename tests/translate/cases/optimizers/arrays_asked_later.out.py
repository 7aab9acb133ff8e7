import jax
import jax.numpy as jnp
import optax
from flax import nnx


def is_trainable(path, value: object) -> bool:
    """Whether a variable is a parameter that is not frozen; a filter for gradients."""
    return isinstance(value, nnx.Param) and value.get_metadata("requires_grad", True)


def dream(content: jax.Array):
    image = nnx.Param(content)
    image.set_metadata(requires_grad=True)
    scale = nnx.Param(jnp.ones(3))
    scale.set_metadata(requires_grad=True)
    offset = nnx.Param(jnp.zeros(3))
    optimizer = nnx.Optimizer((image, scale, offset), optax.adam(0.1), wrt=is_trainable)
    for step in range(3):
        def loss_fn(image, scale, offset):
            loss = jnp.sum((image[...] * scale[...] + offset[...]) ** 2)
            return loss

        loss, (grads_image, grads_scale, grads_offset) = nnx.value_and_grad(loss_fn, argnums=(nnx.DiffState(0, is_trainable), nnx.DiffState(1, is_trainable), nnx.DiffState(2, is_trainable)))(image, scale, offset)
        optimizer.update((image, scale, offset), (grads_image, grads_scale, grads_offset))
    return jax.lax.stop_gradient(image[...])
