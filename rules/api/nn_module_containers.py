"""torch.nn.ModuleDict and ModuleList as base classes, which may hold other attributes too."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from flax import nnx

from tojax.rules.api import torch_api


@torch_api("torch.nn.ModuleDict")
class ModuleDict(nnx.Module):
    """Layers by name, in the order in which they were added."""

    def __init__(self, modules: Mapping[str, Callable] | None = None):
        self.names = ()
        self.update(modules or {})

    def add_module(self, name: str, layer: Callable) -> None:
        """Add a layer under a name, or replace the layer of that name."""
        if name not in self.names:
            self.names = (*self.names, name)
        setattr(self, name, layer)

    def update(self, modules: Mapping[str, Callable]) -> None:
        """Add several layers."""
        for name, layer in modules.items():
            self.add_module(name, layer)

    __setitem__ = add_module

    def __getitem__(self, name: str) -> Callable:
        return getattr(self, name)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def keys(self) -> Iterable[str]:
        """The names."""
        return self.names

    def values(self) -> Iterable[Callable]:
        """The layers."""
        return [getattr(self, name) for name in self.names]

    def items(self) -> Iterable[tuple[str, Callable]]:
        """Names and layers."""
        return [(name, getattr(self, name)) for name in self.names]

    def pop(self, name: str) -> Callable:
        """Take a layer out."""
        layer = getattr(self, name)
        del self[name]
        return layer

    def __delitem__(self, name: str) -> None:
        delattr(self, name)
        self.names = tuple(other for other in self.names if other != name)


@torch_api("torch.nn.ModuleList")
class ModuleList(nnx.Module):
    """Layers in a list."""

    def __init__(self, modules: Iterable[Callable] = ()):
        self.count = 0
        self.extend(modules)

    def append(self, layer: Callable) -> "ModuleList":
        """Add a layer at the end."""
        setattr(self, str(self.count), layer)
        self.count += 1
        return self

    def extend(self, layers: Iterable[Callable]) -> "ModuleList":
        """Add several layers at the end."""
        for layer in layers:
            self.append(layer)
        return self

    __iadd__ = extend

    def insert(self, index: int, layer: Callable) -> None:
        """Add a layer before the one at `index`."""
        layers = list(self)
        layers.insert(index, layer)
        self._hold(layers)

    def pop(self, index: int) -> Callable:
        """Take a layer out."""
        layer = self[index]
        del self[index]
        return layer

    def _hold(self, layers: Iterable[Callable]) -> None:
        for index in range(self.count):
            delattr(self, str(index))
        self.count = 0
        self.extend(layers)

    def __setitem__(self, index: int, layer: Callable) -> None:
        setattr(self, str(range(self.count)[index]), layer)

    def __delitem__(self, index: int | slice) -> None:
        layers = list(self)
        del layers[index]
        self._hold(layers)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Callable]:
        return (getattr(self, str(index)) for index in range(self.count))

    def __getitem__(self, index):
        names = [str(number) for number in range(self.count)][index]
        if isinstance(names, list):
            return ModuleList(getattr(self, name) for name in names)
        return getattr(self, names)
