"""Loads the file under test in a worker's child, as a part of its project."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from tojax.source.folder import Folder
from tojax.source.import_roots import ImportRoots

Args = tuple[list[Any], dict[str, Any]]


def load_module(root: Path, relative: str, workplace: Path) -> ModuleType:
    """Import a file with the folders on the path from which its project imports.

    Args:
        root: the project's folder.
        relative: POSIX path of the file below it.
        workplace: an empty folder that becomes the working directory; it shows the project's files.
    """
    workplace.mkdir(exist_ok=True)
    for entry in root.iterdir():
        (workplace / entry.name).symlink_to(entry)
    os.chdir(workplace)
    file = root / relative
    roots = ImportRoots(Folder.read(root).python)
    near, far = roots.search_path(relative)
    sys.path[:0] = [str(root / folder) for folder in near]
    sys.path += [str(root / folder) for folder in far]
    name = roots.import_name(relative)
    if all(part.isidentifier() for part in name.split(".")):
        sys.modules.pop(name, None)  # a file may share its name with a module of ours
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location("file_under_test", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{relative} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def evaluate(expression: str, module: ModuleType, names: Mapping[str, Any]) -> Any:
    """Evaluate a directive's expression among the file's own names and some extra ones."""
    code = compile(ast.parse(expression, mode="eval"), "<tojax directive>", "eval")
    return eval(code, {**vars(module), **names})


def as_call(value: Any) -> Args:
    """Positional and keyword arguments: a dict gives keywords, a list or tuple positions."""
    if type(value) is dict:
        return [], value
    if isinstance(value, (list, tuple)):
        return list(value), {}
    return [value], {}


def as_construction(value: Any, callee: Callable[..., Any], **more: Any) -> Args:
    """As `as_call`, for a constructor; it may also be given ``[[positions], {keywords}]``.

    Collections of models write it so. A pair is read so only where the constructor (with ``more``)
    takes the arguments that it then holds.
    """
    match value:
        case [list() | tuple() as args, dict() as kwargs] if fits(callee, [*args], kwargs | more):
            return list(args), kwargs
    return as_call(value)


def fits(function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> bool:
    """Whether a call with these arguments agrees with the signature."""
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):
        return False
    return True
