"""tojax moves PyTorch code to JAX (Flax NNX, optax), and proves that it did.

    tojax.check(source)                      -> list[Finding]
    tojax.translate(source)                  -> Translation
    tojax.verify(torch_source, jax_source)   -> Verdict
    tojax.load_state_dict(module, state)     copies PyTorch weights into an NNX module

Everything is imported at first use, so that importing tojax costs nothing. Each verb is a package
and, called, the function of that name: `tojax.translate(source)` and
`from tojax.translate import translate_project` both work, in any order.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tojax.check import check as check
    from tojax.translate import translate as translate
    from tojax.verify import verify as verify
    from tojax.weights import load_state_dict as load_state_dict

__all__ = ["check", "load_state_dict", "translate", "verify"]

_VERBS = ("check", "translate", "verify")


class _Verb(ModuleType):
    """A package that can be called: it passes the call on to its function of the same name."""

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return vars(self)[self.__name__.rpartition(".")[2]](*arguments, **keywords)


class _Package(ModuleType):
    """tojax itself; Python's import system sets each package here once it is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _VERBS and type(value) is ModuleType:
            value.__class__ = _Verb
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name in _VERBS:
        return importlib.import_module(f"tojax.{name}")
    if name == "load_state_dict":
        return importlib.import_module("tojax.weights").load_state_dict
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("tojax")
    raise AttributeError(f"module 'tojax' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
