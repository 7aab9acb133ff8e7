"""Finding and changing what the arguments of a call hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tojax.verify.objects import change_contents


def double(value: Any) -> Any:
    return value * 2 if isinstance(value, int) else value


def test_leaves_of_nested_values_and_of_objects_change() -> None:
    loader = SimpleNamespace(dataset=SimpleNamespace(items=[1, (2, 3)], name="a"), size=4)
    changed = change_contents({"loader": loader, "n": 5}, double)
    assert changed["n"] == 10 and changed["loader"] is loader
    assert loader.dataset.items == [2, (4, 6)]
    assert loader.size == 8 and loader.dataset.name == "a"


def test_a_shared_object_changes_once_and_a_cycle_ends() -> None:
    shared = SimpleNamespace(count=1)
    shared.me = shared
    change_contents([shared, shared], double)
    assert shared.count == 2 and shared.me is shared


def test_opaque_objects_stay() -> None:
    class Module(SimpleNamespace):
        pass

    module = Module(count=1)
    assert change_contents([module], double, (Module,)) == [module]
    assert module.count == 1
