"""torch.autograd.functional: derivatives of functions at given inputs."""

import jax
import jax.numpy as jnp

from tojax.rules.api import torch_api


@torch_api("torch.autograd.functional.jacobian")
def jacobian(
    func, inputs, create_graph=False, strict=False, vectorize=False, strategy="reverse-mode"
):
    """The Jacobian matrix by one array, or by each of a tuple."""
    if isinstance(inputs, tuple):
        return jax.jacrev(func, argnums=tuple(range(len(inputs))))(*inputs)
    return jax.jacrev(func)(inputs)


@torch_api("torch.autograd.functional.hessian")
def hessian(
    func,
    inputs,
    create_graph=False,
    strict=False,
    vectorize=False,
    outer_jacobian_strategy="reverse-mode",
):
    """The second derivatives by one array, or by each pair out of a tuple."""
    if isinstance(inputs, tuple):
        return jax.hessian(_scalar(func), argnums=tuple(range(len(inputs))))(*inputs)
    return jax.hessian(_scalar(func))(inputs)


@torch_api("torch.autograd.functional.vjp")
def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """The value, and the product of ``v`` with the Jacobian matrix."""
    several = isinstance(inputs, tuple)
    value, pull = jax.vjp(func, *inputs) if several else jax.vjp(func, inputs)
    products = pull(jnp.ones_like(value) if v is None else v)
    return value, products if several else products[0]


@torch_api("torch.autograd.functional.jvp")
def jvp(func, inputs, v=None, create_graph=False, strict=False):
    """The value, and the product of the Jacobian matrix with ``v``."""
    v = jax.tree.map(jnp.ones_like, inputs) if v is None else v
    if isinstance(inputs, tuple):
        return jax.jvp(func, inputs, tuple(v))
    return jax.jvp(func, (inputs,), (v,))


@torch_api("torch.autograd.functional.hvp", "torch.autograd.functional.vhp")
def hvp(func, inputs, v=None, create_graph=False, strict=False):
    """The value of a scalar function, and the product of its second derivatives with ``v``."""
    v = jax.tree.map(jnp.ones_like, inputs) if v is None else v
    several = isinstance(inputs, tuple)
    primals, tangents = (inputs, tuple(v)) if several else ((inputs,), (v,))
    gradient = jax.grad(_scalar(func), argnums=tuple(range(len(primals))))
    _, products = jax.jvp(gradient, primals, tangents)
    return func(*primals), products if several else products[0]


def _scalar(func):
    """The function whose result has one element, as one with a scalar result."""
    return lambda *args: func(*args).reshape(())
