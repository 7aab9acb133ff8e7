import functools
from typing import Callable, TypeVar

from flax import nnx

M = TypeVar("M", bound=nnx.Module)
MAKERS = {}


def register(name: str):
    def wrapper(maker: Callable[..., M]) -> Callable[..., M]:
        MAKERS[name] = maker
        return maker

    return wrapper


def renamed(**names: str):
    def wrapper(maker: Callable[..., M]) -> Callable[..., M]:
        @functools.wraps(maker)
        def made(*args, **kwargs) -> M:
            kwargs = {names.get(key, key): value for key, value in kwargs.items()}
            return maker(*args, **kwargs)

        return made

    return wrapper


@register("dense")
@renamed(features="width")
def dense(width: int, *, rngs: nnx.Rngs) -> nnx.Linear:
    return nnx.Linear(width, width, rngs=rngs)


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.first = dense(features=3, rngs=rngs)
        self.second = dense(3, rngs=rngs)

    def __call__(self, x):
        return self.second(self.first(x))
