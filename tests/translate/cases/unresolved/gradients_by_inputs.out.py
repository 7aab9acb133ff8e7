# part: user code
def chain(x):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    y = x * 2
    z = y**2
    return torch.autograd.grad(jnp.sum(z), [x, y])  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def one_by_one(x):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    y = x * 2
    z, z_vjp = jax.vjp(lambda y: y**2, y)
    a = jax.lax.stop_gradient(z_vjp(jnp.ones_like(z)))[0]
    b = torch.autograd.grad(jnp.sum(z), x)[0]  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result
    return a + b


def in_place(x):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    h = x * 2
    h = h * 3
    y = h**2
    return torch.autograd.grad(jnp.sum(y), x)  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def of_parameters(model, x):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    loss = jnp.sum(model(x))
    return torch.autograd.grad(loss, parameters(model))  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def in_a_branch(x, flag):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    y = x**2
    if flag:
        y = y * 2
    return torch.autograd.grad(jnp.sum(y), x)[0]  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def of_an_argument(y, x: jax.Array):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.autograd.grad(y, x)[0]  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result


def unused(x: jax.Array, w: jax.Array):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    y = x**2
    return torch.autograd.grad(jnp.sum(y), [x, w], allow_unused=True)  # TODO(tojax): TJ201 torch.autograd.grad: jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result
