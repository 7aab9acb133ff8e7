"""Corrections that a fixed bug shows: what its Fixed JAX changes in the calls of its Broken JAX.

Where the two blocks differ only in which function is called, or in constant keyword arguments,
the same change can be made in a draft without asking anybody.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tojax.model.allow_list.names import public_names
from tojax.model.lint import Suspicion
from tojax.rules.bugs import Bug
from tojax.source.facts import ModuleFacts, module_facts
from tojax.source.text import Text

_MOST_EDITS = 100


@dataclass(frozen=True)
class Correction:
    """A change of calls of one function.

    Args:
        name: the qualified name of the function.
        replacement: the qualified name of the function to call instead, or the same.
        keywords: keyword, its constant before (empty where it was not given), and after.
    """

    name: str
    replacement: str
    keywords: tuple[tuple[str, str, str], ...] = ()


class _Differs(Exception):
    """The two blocks differ in more than calls."""


@lru_cache(maxsize=1024)
def corrections(bug: Bug) -> tuple[Correction, ...]:
    """The corrections that a bug shows; none if its blocks differ in more."""
    broken, fixed = _facts(bug.broken_jax), _facts(bug.fixed_jax)
    try:
        found = list(_compared(_body(broken), _body(fixed), broken, fixed))
    except _Differs:
        return ()
    return tuple(dict.fromkeys(found))


def _facts(code: str) -> ModuleFacts:
    return module_facts(code, ast.parse(code))


def _body(module: ModuleFacts) -> list[ast.stmt]:
    return [s for s in module.tree.body if not isinstance(s, ast.Import | ast.ImportFrom)]


def _compared(
    before: object, after: object, broken: ModuleFacts, fixed: ModuleFacts
) -> Iterator[Correction]:
    """The corrections that lead from one tree to the other."""
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for left, right in zip(before, after, strict=True):
            yield from _compared(left, right, broken, fixed)
    elif isinstance(before, ast.Call) and isinstance(after, ast.Call):
        yield from _of_calls(before, after, broken, fixed)
    elif isinstance(before, ast.AST) and type(before) is type(after):
        for name in before._fields:
            left, right = getattr(before, name, None), getattr(after, name, None)
            yield from _compared(left, right, broken, fixed)
    elif before != after:
        raise _Differs


def _of_calls(
    before: ast.Call, after: ast.Call, broken: ModuleFacts, fixed: ModuleFacts
) -> Iterator[Correction]:
    yield from _compared(before.args, after.args, broken, fixed)
    name, replacement = broken.qualified(before.func), fixed.qualified(after.func)
    old = {k.arg or "": k.value for k in before.keywords}
    new = {k.arg or "": k.value for k in after.keywords}
    if not name or not replacement:
        yield from _compared(before.func, after.func, broken, fixed)
    if not old.keys() <= new.keys():
        raise _Differs
    changed = []
    for keyword, value in new.items():
        if keyword in old and not _is_constant(value):
            yield from _compared(old[keyword], value, broken, fixed)
        elif keyword not in old or ast.dump(old[keyword]) != ast.dump(value):
            if not _is_constant(value) or (keyword in old and not _is_constant(old[keyword])):
                raise _Differs
            before_text = ast.unparse(old[keyword]) if keyword in old else ""
            changed.append((keyword, before_text, ast.unparse(value)))
    if changed and (not name or not replacement):
        raise _Differs
    if name and replacement and (changed or name != replacement):
        yield Correction(name, replacement, tuple(changed))


def _is_constant(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def corrected(code: str, suspicions: Iterable[Suspicion], *, only_unknown: bool = False) -> str:
    """A draft with the corrections that the bugs suspected in it show, at their places.

    Args:
        code: a draft that parses.
        suspicions: where it may have which bugs.
        only_unknown: make only those that replace a name which does not exist.
    """
    wanted = [
        (suspicion.range.start.line + 1, correction)
        for suspicion in suspicions
        for correction in corrections(suspicion.bug)
        if not only_unknown or not _exists(correction.name)
    ]
    imports: set[str] = set()
    for _ in range(_MOST_EDITS):
        edit = next(_edits(code, wanted), None)
        if edit is None:
            break
        start, end, text, needed = edit
        code = code[:start] + text + code[end:]
        imports |= needed
    return "".join(f"{line}\n" for line in sorted(imports)) + code


def _exists(name: str) -> bool:
    module, _, last = name.rpartition(".")
    return last in public_names().get(module, ())


def _edits(
    code: str, wanted: list[tuple[int, Correction]]
) -> Iterator[tuple[int, int, str, set[str]]]:
    """What is still to be changed: start, end, new text, import lines that it needs."""
    module = _facts(code)
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        for line, correction in wanted:
            if node.lineno != line:
                continue
            name = module.qualified(node.func)
            if name == correction.name:
                yield from _keyword_edits(node, correction, module.text)
                if correction.replacement != name:
                    start, end = module.text.span(node.func)
                    yield start, end, *_spelled(correction.replacement, module)


def _keyword_edits(
    node: ast.Call, correction: Correction, text: Text
) -> Iterator[tuple[int, int, str, set[str]]]:
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    for keyword, before, after in correction.keywords:
        if keyword not in given and not before:
            end = text.span(node)[1] - 1
            has_arguments = bool(node.args or node.keywords)
            closed = text.source[:end].rstrip().endswith(",")
            comma = "" if closed or not has_arguments else ", "
            yield end, end, f"{comma}{keyword}={after}", set()
        elif keyword in given and before and ast.unparse(given[keyword]) == before:
            yield *text.span(given[keyword]), after, set()


def _spelled(name: str, module: ModuleFacts) -> tuple[str, set[str]]:
    """A qualified name as the file would write it, and the import that it needs."""
    for local, stands_for in sorted(module.imports.items(), key=lambda item: -len(item[1])):
        if name.startswith(f"{stands_for}."):
            return f"{local}{name[len(stands_for) :]}", set()
    root = name.partition(".")[0]
    if root == "flax":
        return name.removeprefix("flax."), {"from flax import nnx"}
    return name, {f"import {root}"}
