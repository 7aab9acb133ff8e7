import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jax import Array


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


def total_norm(grads, norm_type=2.0, error_if_nonfinite=False, foreach=None) -> Array:
    """The norm of all elements of the gradients together."""
    leaves = jax.tree.leaves(grads)
    norms = [jnp.linalg.norm(grad.ravel(), ord=float(norm_type)) for grad in leaves]
    return jnp.linalg.norm(jnp.stack(norms), ord=float(norm_type))


def run_epoch(model, loader, optimizer=None):
    is_training = optimizer is not None
    total, correct = 0.0, 0
    for x, y in loader:
        # forward
        def loss_fn(model):
            out = model(x)
            loss = jnp.mean(jnp.square(out - y))
            return loss, out

        if is_training:
            # backward
            (loss, out), grads = nnx.value_and_grad(loss_fn, has_aux=True)(model)
            grads, _ = clip_grad_norm(grads, 1.0)
            optimizer.update(model, grads)
        else:
            loss, out = loss_fn(model)
        total += loss.item()
        correct += jnp.sum(out > 0).item()
    return total, correct


def phases(model, batches, optimizer):
    for phase in ["train", "val"]:
        for x, y in batches[phase]:
            def loss_fn(model):
                loss = jnp.mean(jnp.square(model(x) - y))
                return loss

            # only if in training phase
            if phase == "train":
                loss, grads = nnx.value_and_grad(loss_fn)(model)
                optimizer.update(model, grads)
            else:
                loss = loss_fn(model)
                print("validation")
            print(loss.item())
