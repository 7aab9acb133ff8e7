"""torch.nn.Module: walking over a module's parts, in PyTorch's order and under PyTorch's names."""

from collections.abc import Callable, Iterable, Iterator

from flax import nnx

from tojax.rules.api import torch_api, torch_property


def members(module: nnx.Module) -> Iterable[tuple[str, object]]:
    """The attributes of a module in the order of their definition, items for a container."""
    if isinstance(module, nnx.Sequential):
        module = module.layers
    if isinstance(module, nnx.List):
        return [(str(index), item) for index, item in enumerate(module)]
    # NNX's transformations sort the attributes, but it keeps a record in the order of definition.
    names = dict.fromkeys([*getattr(module, "_pytree__nodes", ()), *vars(module)])
    return [(name, vars(module)[name]) for name in names if name in vars(module)]


def value_of(held: object) -> object:
    """What an attribute holds, or the value if that is a variable."""
    return held[...] if isinstance(held, nnx.Variable) else held


def is_buffer(value: object) -> bool:
    """Whether it is a variable that belongs to a module's state but is not trained."""
    return isinstance(value, nnx.BatchStat) or type(value) is nnx.Variable


@torch_property("torch.nn.Module._modules")
def submodules(self: nnx.Module) -> dict[str, nnx.Module]:
    """The modules directly inside a module by name."""
    return {name: value for name, value in members(self) if isinstance(value, nnx.Module)}


@torch_api("torch.nn.Module.named_children")
def named_children(self: nnx.Module) -> Iterator[tuple[str, nnx.Module]]:
    """The modules directly inside a module, each once, with their names."""
    seen = set()
    for name, value in members(self):
        if isinstance(value, nnx.Module) and id(value) not in seen:
            seen.add(id(value))
            yield name, value


@torch_api("torch.nn.Module.children")
def children(self: nnx.Module) -> Iterator[nnx.Module]:
    """The modules directly inside a module, each once."""
    return (child for _, child in named_children(self))


@torch_api("torch.nn.Module.named_modules")
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


@torch_api("torch.nn.Module.modules")
def modules(self: nnx.Module) -> Iterator[nnx.Module]:
    """A module and everything inside it, each once."""
    return (module for _, module in named_modules(self))


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


@torch_api("torch.nn.Module.named_parameters")
def named_parameters(
    self: nnx.Module, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, nnx.Param]]:
    """The parameters of a module with their dotted paths; a shared one once, at its first."""
    return named_variables(
        self, lambda value: isinstance(value, nnx.Param), prefix, recurse, remove_duplicate
    )


@torch_api("torch.nn.Module.parameters")
def parameters(self: nnx.Module, recurse=True) -> Iterator[nnx.Param]:
    """The parameters of a module, a shared one once."""
    return (param for _, param in named_parameters(self, recurse=recurse))


@torch_api("torch.nn.Module.named_buffers")
def named_buffers(
    self: nnx.Module, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, nnx.Variable]]:
    """The buffers of a module with their dotted paths."""
    return named_variables(self, is_buffer, prefix, recurse, remove_duplicate)


@torch_api("torch.nn.Module.buffers")
def buffers(self: nnx.Module, recurse=True) -> Iterator[nnx.Variable]:
    """The buffers of a module."""
    return (buffer for _, buffer in named_buffers(self, recurse=recurse))


@torch_api("torch.nn.Module.apply")
def apply(self: nnx.Module, fn: Callable[[nnx.Module], object]) -> nnx.Module:
    """Calls a function on every module inside a module, then on the module itself."""
    for child in children(self):
        apply(child, fn)
    fn(self)
    return self


@torch_api("torch.nn.Module.get_submodule")
def get_submodule(self: nnx.Module, target) -> nnx.Module:
    """The module at a dotted path."""
    for name in target.split(".") if target else []:
        self = dict(named_children(self))[name]
    return self


@torch_api("torch.nn.Module.requires_grad_")
def requires_grad_(self: nnx.Module, requires_grad=True) -> nnx.Module:
    """Freeze the parameters of a module, or train them again."""
    for param in parameters(self):
        param.set_metadata(requires_grad=requires_grad)
    return self


def is_trainable(path, value: object) -> bool:
    """Whether a variable is a parameter that is not frozen; a filter for gradients."""
    return isinstance(value, nnx.Param) and value.get_metadata("requires_grad", True)
