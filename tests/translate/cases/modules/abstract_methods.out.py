from abc import ABC, abstractmethod

from flax import nnx


class Passing(nnx.Module):
    def update(self, x):
        """Not enforced: nothing here is an ABC."""

    def __call__(self, x):
        return x


class Strict(nnx.Module, ABC):
    @abstractmethod
    def update(self, x):
        """Enforced."""
