"""Several optimizers of one name: each step is of the one that the name then stands for."""
from collections.abc import Callable, Iterable, Iterator

import jax
import jax.numpy as jnp
import optax
from flax import nnx


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

x, y = jnp.ones((8, 3)), jnp.zeros((8, 3))
rngs = nnx.Rngs(0)
net = nnx.Linear(3, 3, rngs=rngs)
params = list(parameters(net))
opt = nnx.Optimizer(net, optax.adam(0.02), wrt=nnx.Param)
for epoch in range(3):
    def loss_fn(net):
        loss = jnp.mean((net(x) - y) ** 2)
        return loss

    loss, grads_net = nnx.value_and_grad(loss_fn)(net)
    opt.update(net, grads_net)
first, second = nnx.Linear(3, 3, rngs=rngs), nnx.Linear(3, 3, rngs=rngs)
params = list(parameters(first)) + list(parameters(second))
opt = nnx.Optimizer((first, second), optax.adam(0.02), wrt=nnx.Param)
for epoch in range(3):
    def loss_fn(first, second):
        loss = jnp.mean((second(first(x)) - y) ** 2)
        return loss

    loss, (grads_first, grads_second) = nnx.value_and_grad(loss_fn, argnums=(0, 1))(first, second)
    opt.update((first, second), (grads_first, grads_second))


def by_branches(flag, x: jax.Array, *, rngs: nnx.Rngs):
    one, other = nnx.Linear(2, 2, rngs=rngs), nnx.Linear(2, 2, rngs=rngs)
    if flag:
        opt = nnx.Optimizer(one, optax.sgd(0.1), wrt=nnx.Param)

        def loss_fn(one):
            return jnp.mean(one(x))

        _, grads_one = nnx.value_and_grad(loss_fn)(one)
        opt.update(one, grads_one)
    else:
        opt = nnx.Optimizer(other, optax.sgd(0.1), wrt=nnx.Param)

        def loss_fn(other):
            return jnp.mean(other(x))

        _, grads_other = nnx.value_and_grad(loss_fn)(other)
        opt.update(other, grads_other)


def of_one_module(flag, x: jax.Array, *, rngs: nnx.Rngs):
    model = nnx.Linear(2, 2, rngs=rngs)
    opt = None
    if flag:
        opt = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    else:
        opt = nnx.Optimizer(model, optax.adam(0.1), wrt=nnx.Param)

    def loss_fn(model):
        return jnp.mean(model(x))

    _, grads = nnx.value_and_grad(loss_fn)(model)
    opt.update(model, grads)


class Phases:
    def __init__(self, encoder: nnx.Module, head: nnx.Module):
        self.encoder = encoder
        self.head = head

    def train_encoder(self, x: jax.Array):
        self.opt = nnx.Optimizer(self.encoder, optax.sgd(0.1), wrt=nnx.Param)

        def loss_fn(encoder):
            return jnp.mean(encoder(x))

        _, grads = nnx.value_and_grad(loss_fn)(self.encoder)
        self.opt.update(self.encoder, grads)

    def train_head(self, x: jax.Array):
        self.opt = nnx.Optimizer(self.head, optax.sgd(0.1), wrt=nnx.Param)

        def loss_fn(head):
            return jnp.mean(head(self.encoder(x)))

        _, grads = nnx.value_and_grad(loss_fn)(self.head)
        self.opt.update(self.head, grads)
