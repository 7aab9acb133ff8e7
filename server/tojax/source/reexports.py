"""Names that a project's files hand on to each other: ``from .compat import F, Tensor``."""

from __future__ import annotations

import ast

from tojax.source.facts import ModuleFacts
from tojax.source.names import canonical, is_torch


def hands_on_torch(
    module: ModuleFacts, node: ast.ImportFrom, alias: ast.alias, modules: dict[str, ModuleFacts]
) -> bool:
    """Whether an import from another file of the project brings a PyTorch name.

    Args:
        module: the importing file.
        node: the statement.
        alias: one of its names.
        modules: the project's files by dotted name, after `follow_reexports`.
    """
    other = modules.get(module.origin(node))
    if other is None or not other.name:
        return False
    own = alias.name in other.functions or alias.name in other.classes
    return not own and is_torch(other.imports.get(alias.name, ""))


def follow_reexports(modules: list[ModuleFacts]) -> None:
    """Let every import of a PyTorch name mean PyTorch's, through whichever files it comes.

    Star imports of the project's own files bring the names that those files make public.

    Args:
        modules: the files of one project; their ``imports`` and the bases of their classes are
            brought up to date.
    """
    by_name = {module.name: module for module in modules if module.name}
    expanded: set[str] = set()
    for module in modules:
        _expand_stars(module, by_name, expanded)
    for module in modules:
        for local in list(module.imports):
            found = _torch_name(module, local, by_name, set())
            if found and found != module.imports[local]:
                module.imports[local] = found
    for module in modules:
        for facts in module.classes.values():
            targets = [b.value if isinstance(b, ast.Subscript) else b for b in facts.node.bases]
            for place, target in enumerate(targets):
                facts.bases[place] = module.qualified(target) or facts.bases[place]


def _torch_name(
    module: ModuleFacts, local: str, by_name: dict[str, ModuleFacts], seen: set[tuple[str, str]]
) -> str:
    """The PyTorch name that ``local`` means in ``module``, or an empty string."""
    qualified = module.imports.get(local, "")
    home, _, name = qualified.rpartition(".")
    if is_torch(qualified) or home not in by_name or (home, name) in seen:
        return qualified if is_torch(qualified) else ""
    other = by_name[home]
    if name in other.functions or name in other.classes:
        return ""
    return canonical(_torch_name(other, name, by_name, seen | {(home, name)}))


def _expand_stars(module: ModuleFacts, by_name: dict[str, ModuleFacts], expanded: set[str]) -> None:
    if module.name in expanded:
        return
    expanded.add(module.name)
    for statement in module.tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            other = by_name.get(module.origin(statement))
            if other is not None:
                _expand_stars(other, by_name, expanded)
                for name in _public(other):
                    if name not in module.functions and name not in module.classes:
                        module.imports.setdefault(name, f"{other.name}.{name}")


def _public(module: ModuleFacts) -> list[str]:
    """What a star import of a file brings."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id="__all__")], value=ast.List(elts=names) | ast.Tuple(elts=names)
            ):
                return [n.value for n in names if isinstance(n, ast.Constant)]  # type: ignore[misc]
    assigned = [
        target.id
        for statement in module.tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    ]
    known = (*module.imports, *module.functions, *module.classes, *assigned)
    return [name for name in known if not name.startswith("_") and name != "*"]
