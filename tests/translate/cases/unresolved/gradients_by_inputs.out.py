# part: user code
def chain(x):
    y = x * 2
    z = y**2
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(jnp.sum(z), [x, y])  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def one_by_one(x):
    y = x * 2
    z, z_vjp = jax.vjp(lambda y: y**2, y)
    a = jax.lax.stop_gradient(z_vjp(jnp.ones_like(z)))[0]
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    b = torch.autograd.grad(jnp.sum(z), x)[0]  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result
    return a + b


def in_place(x):
    h = x * 2
    h = h * 3
    y = h**2
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(jnp.sum(y), x)  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def of_parameters(model, x):
    loss = jnp.sum(model(x))
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(loss, parameters(model))  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def in_a_branch(x, flag):
    y = x**2
    if flag:
        y = y * 2
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(jnp.sum(y), x)[0]  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def of_an_argument(y, x: jax.Array):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(y, x)[0]  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def unused(x: jax.Array, w: jax.Array):
    y = x**2
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(jnp.sum(y), [x, w], allow_unused=True)  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result
