from collections.abc import Callable, Iterable, Iterator

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


def parameters(self: nnx.Module, recurse=True) -> Iterator[nnx.Param]:
    """The parameters of a module, a shared one once."""
    return (param for _, param in named_parameters(self, recurse=recurse))


def named_parameters(
    self: nnx.Module, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, nnx.Param]]:
    """The parameters of a module with their dotted paths; a shared one once, at its first."""
    return named_variables(
        self, lambda value: isinstance(value, nnx.Param), prefix, recurse, remove_duplicate
    )


def named_variables(
    module: nnx.Module,
    select: Callable[[object], bool],
    prefix: str = "",
    recurse: bool = True,
    remove_duplicate: bool = True,
) -> Iterator[tuple[str, nnx.Variable]]:
    """The selected variables of a module with their dotted paths."""
    seen = set()
    parts = named_modules(module, prefix=prefix, remove_duplicate=remove_duplicate)
    for path, part in parts if recurse else [(prefix, module)]:
        for name, value in members(part):
            if select(value) and id(value) not in seen:
                if remove_duplicate:
                    seen.add(id(value))
                yield f"{path}.{name}" if path else name, value


def named_modules(
    self: nnx.Module, memo=None, prefix="", remove_duplicate=True
) -> Iterator[tuple[str, nnx.Module]]:
    """A module and everything inside it, each once unless duplicates stay, with dotted paths."""
    seen = set() if memo is None else memo
    if id(self) in seen:
        return
    if remove_duplicate:
        seen.add(id(self))
    yield prefix, self
    for name, value in members(self):
        if isinstance(value, nnx.Module):
            path = f"{prefix}.{name}" if prefix else name
            yield from named_modules(value, seen, path, remove_duplicate)


def members(module: nnx.Module) -> Iterable[tuple[str, object]]:
    """The attributes of a module in the order of their definition, items for a container."""
    if isinstance(module, nnx.Sequential):
        module = module.layers
    if isinstance(module, nnx.List):
        return [(str(index), item) for index, item in enumerate(module)]
    # NNX's transformations sort the attributes, but it keeps a record in the order of definition.
    names = dict.fromkeys([*getattr(module, "_pytree__nodes", ()), *vars(module)])
    return [(name, vars(module)[name]) for name in names if name in vars(module)]


def train(encoder, decoder, batches):
    params = list(parameters(encoder)) + list(parameters(decoder))
    optimizer = nnx.Optimizer((encoder, decoder), optax.adam(1e-3), wrt=nnx.Param)
    for x in batches:
        def loss_fn(encoder, decoder):
            loss = jnp.mean(jnp.square(decoder(encoder(x)) - x))
            return loss

        loss, (grads_encoder, grads_decoder) = nnx.value_and_grad(loss_fn, argnums=(0, 1))(encoder, decoder)
        (grads_encoder, grads_decoder), _ = clip_grad_norm((grads_encoder, grads_decoder), 1.0)
        optimizer.update((encoder, decoder), (grads_encoder, grads_decoder))
