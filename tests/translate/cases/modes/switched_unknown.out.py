import copy
from collections.abc import Callable, Iterable, Iterator

import jax.numpy as jnp
from flax import nnx


def in_mode(module: nnx.Module, training: bool) -> nnx.Module:
    """What ``train()`` or ``eval()`` give: of NNX's modules nothing, so the module itself."""
    given = module.train() if training else module.eval()
    return module if given is None else given


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


def requires_grad_(self: nnx.Module, requires_grad=True) -> nnx.Module:
    """Freeze the parameters of a module, or train them again."""
    for param in parameters(self):
        param.set_metadata(requires_grad=requires_grad)
    return self


class Average:
    def __init__(self, model, device):
        self.model = model
        self.model.eval()
        self.average = requires_grad_(in_mode(copy.deepcopy(model.encoder), False), False)
        self.teacher = copy.deepcopy(model.encoder)
        self.teacher.eval()

    def total(self):
        return sum(jnp.sum(p[...]) for p in parameters(self.average))


def restored(path):
    net = load_network(path)
    net.eval()
    other = in_mode(load_network(path), False)
    return nnx.Sequential(net, other)


def run(agent, trainer, buffer):
    agent.train(buffer, 3)
    return trainer.train(100)


def report(trainer):
    trainer.step(jnp.zeros(2))
    return in_mode(trainer, True)


def same(net, x):
    net.eval()
    return net(x)
