import functools
from typing import Callable, TypeVar

from torch import nn

M = TypeVar("M", bound=nn.Module)
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
def dense(width: int) -> nn.Linear:
    return nn.Linear(width, width)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = dense(features=3)
        self.second = dense(3)

    def forward(self, x):
        return self.second(self.first(x))
