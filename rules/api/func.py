"""torch.func: transformations of functions."""

import jax
from flax import nnx

from tojax.rules.api import torch_api

from .module_state import named_state


@torch_api("torch.vmap", "torch.func.vmap")
def vmap(func, in_dims=0, out_dims=0, randomness="error", *, chunk_size=None):
    """The function over an additional axis of its arguments."""
    if randomness != "error":
        raise NotImplementedError("random numbers under vmap: split the keys and map over them")
    return jax.vmap(func, in_axes=in_dims, out_axes=out_dims)


@torch_api("torch.func.grad")
def grad(func, argnums=0, has_aux=False):
    """The gradient of a function with a scalar result."""
    return jax.grad(func, argnums=argnums, has_aux=has_aux)


@torch_api("torch.func.grad_and_value")
def grad_and_value(func, argnums=0, has_aux=False):
    """The gradient of a function, and its value after it."""
    value_and_grad = jax.value_and_grad(func, argnums=argnums, has_aux=has_aux)
    return lambda *args, **kwargs: value_and_grad(*args, **kwargs)[::-1]


@torch_api("torch.func.vjp")
def vjp(func, *primals, has_aux=False):
    """The function's value, and the function from cotangents to gradients."""
    return jax.vjp(func, *primals, has_aux=has_aux)


@torch_api("torch.func.jvp")
def jvp(func, primals, tangents, *, strict=False, has_aux=False):
    """The function's value, and its derivative along the tangents."""
    return jax.jvp(func, primals, tangents, has_aux=has_aux)


@torch_api("torch.func.linearize")
def linearize(func, *primals):
    """The function's value, and its derivative as a function of the tangents."""
    return jax.linearize(func, *primals)


@torch_api("torch.func.jacrev")
def jacrev(func, argnums=0, *, has_aux=False, chunk_size=None):
    """The Jacobian matrix, computed backward."""
    return jax.jacrev(func, argnums=argnums, has_aux=has_aux)


@torch_api("torch.func.jacfwd")
def jacfwd(func, argnums=0, has_aux=False, *, randomness="error"):
    """The Jacobian matrix, computed forward."""
    if randomness != "error":
        raise NotImplementedError("random numbers under jacfwd: pass them in as an argument")
    return jax.jacfwd(func, argnums=argnums, has_aux=has_aux)


@torch_api("torch.func.hessian")
def hessian(func, argnums=0):
    """The matrix of second derivatives."""
    return jax.hessian(func, argnums=argnums)


@torch_api("torch.func.functional_call", "torch.nn.utils.stateless.functional_call")
def functional_call(
    module: nnx.Module,
    parameter_and_buffer_dicts,
    args=None,
    kwargs=None,
    *,
    tie_weights=True,
    strict=False,
):
    """The module's result with other parameters and buffers, given by their dotted paths."""
    given = parameter_and_buffer_dicts
    if not isinstance(given, dict):
        given = {name: value for part in given for name, value in part.items()}
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    copy = nnx.clone(module)
    variables = dict(named_state(copy))
    if strict and variables.keys() != given.keys():
        raise RuntimeError(f"not the same paths: {sorted(variables.keys() ^ given.keys())}")
    for name, value in given.items():
        variables[name].set_value(value[...])
    return copy(*args, **(kwargs or {}))
