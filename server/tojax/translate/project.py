"""Translates the files of a project together."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath

from tojax.nouns import Translation
from tojax.rules.index import RuleIndex, rule_index
from tojax.source.facts import ModuleFacts, module_facts
from tojax.source.inference import Inference
from tojax.source.names import is_torch
from tojax.source.program import Program
from tojax.translate.context import FileContext
from tojax.translate.edits import Edits
from tojax.translate.helpers import HelperLibrary
from tojax.translate.output import identifiers, render
from tojax.translate.passes.indexing import list_indices
from tojax.translate.passes.inplace import inplace
from tojax.translate.passes.masks import masks
from tojax.translate.passes.modes import modes
from tojax.translate.passes.modules import flagged_classes, modules
from tojax.translate.passes.optimizers import changes_rates, optimizers
from tojax.translate.passes.references import references
from tojax.translate.passes.training import Training
from tojax.translate.rngs import RngThreading
from tojax.translate.rule_calls import RuleCalls
from tojax.translate.touched import touched_layers

HELPER_MODULE = "_jax_helpers"
_BYTE_ORDER_MARK = "\ufeff"


def uses_torch(tree: ast.Module) -> bool:
    """Whether a file imports PyTorch anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(is_torch(alias.name) for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and is_torch(node.module or "") and not node.level:
            return True
    return False


def has_crlf(source: str) -> bool:
    """Whether every line of a text ends in CRLF."""
    return "\r\n" in source and "\n" not in source.replace("\r\n", "")


def translate_source(source: str, filename: str | None = None) -> Translation:
    """Translate one file; helpers are defined in it.

    Raises:
        SyntaxError: the source does not parse.
    """
    if source.startswith(_BYTE_ORDER_MARK):
        made = translate_source(source.removeprefix(_BYTE_ORDER_MARK), filename)
        return made.model_copy(update={"code": _BYTE_ORDER_MARK + made.code})
    if has_crlf(source):
        made = translate_source(source.replace("\r\n", "\n"), filename)
        return made.model_copy(update={"code": made.code.replace("\n", "\r\n")})
    tree = ast.parse(source, filename or "<source>")
    if not uses_torch(tree):
        return Translation(code=source, filename=filename)
    facts = module_facts(source, tree)
    contexts = _analyse([facts], rule_index())
    library = HelperLibrary(rule_index(), identifiers(contexts[0]))
    return render(contexts[0], library, filename=filename)


def translate_project(files: Mapping[str, str]) -> dict[str, Translation]:
    """Translate files that import each other.

    Args:
        files: relative POSIX path → source, every Python file of the project.

    Returns:
        Path → translation, for every file given and for the helper modules that they need.

    Raises:
        SyntaxError: a source does not parse; its ``filename`` tells which.
    """
    crlf = {path for path, source in files.items() if has_crlf(source)}
    if crlf:
        plain = {p: s.replace("\r\n", "\n") if p in crlf else s for p, s in files.items()}
        made = translate_project(plain)
        for path in crlf:
            code = made[path].code.replace("\n", "\r\n")
            made[path] = made[path].model_copy(update={"code": code})
        return made
    trees = {path: ast.parse(source, path) for path, source in files.items()}
    facts = {
        path: module_facts(files[path], tree, _module_name(path), path)
        for path, tree in trees.items()
    }
    contexts = _analyse(list(facts.values()), rule_index())
    by_path = {context.facts.path: context for context in contexts}
    libraries: dict[str, HelperLibrary] = {}
    results: dict[str, Translation] = {}
    homes = {path: _helper_home(path, files, trees) for path in files}
    for path in files:
        if homes[path] not in libraries:
            taken: set[str] = set()
            for other in files:
                if homes[other] == homes[path]:
                    taken |= identifiers(by_path[other])
            libraries[homes[path]] = HelperLibrary(rule_index(), taken)
    for path, source in files.items():
        if not uses_torch(trees[path]) and not by_path[path].edits.dirty():
            results[path] = Translation(code=source, filename=path)
            continue
        home = homes[path]
        origin = _relative_origin(path, home, files)
        results[path] = render(by_path[path], libraries[home], filename=path, origin=origin)
    for home, library in libraries.items():
        if not library.is_empty:
            path = str(PurePosixPath(home) / f"{_free_module(files)}.py")
            results[path] = Translation(code=library.module_source(), filename=path)
    return results


def _analyse(facts: list[ModuleFacts], index: RuleIndex) -> list[FileContext]:
    """Run inference and all passes over files that belong together."""
    program = Program(facts)
    inference = Inference(program, index)
    inference.run()
    contexts = [
        FileContext(module, program, inference, index, Edits(module.text, module.tree))
        for module in facts
    ]
    touched, flagged = touched_layers(contexts), flagged_classes(contexts)
    for context in contexts:
        context.touched, context.flagged = touched, flagged
    threading = RngThreading(contexts)
    rules = {context: RuleCalls(context) for context in contexts}
    adjustable = changes_rates(contexts)
    for context in contexts:
        modes(context)
        list_indices(context)
        inplace(context, rules[context])
        masks(context)
        modules(context)
        optimizers(context, rules[context], adjustable=adjustable)
    Training(contexts, rules).run()
    for context in contexts:
        references(context, rules[context])
    threading.run()
    return contexts


def _module_name(path: str) -> str:
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)


def _helper_home(path: str, files: Mapping[str, str], trees: Mapping[str, ast.Module]) -> str:
    """The folder of the helper module that a file uses: its import root if scripts that use
    PyTorch lie there, else its top-level package."""
    parts = PurePosixPath(path).parts
    depth = len(parts) - 1
    while depth > 0 and "/".join((*parts[:depth], "__init__.py")) in files:
        depth -= 1
    root = "/".join(parts[:depth])
    scripts = [
        other
        for other, tree in trees.items()
        if str(PurePosixPath(other).parent) in (root, root or ".") and uses_torch(tree)
    ]
    package = "/".join(parts[: depth + 1]) if depth < len(parts) - 1 else root
    return root if scripts or package == root else package


def _relative_origin(path: str, home: str, files: Mapping[str, str]) -> str:
    """How a file names the helper module in its import."""
    parent = PurePosixPath(path).parent
    if f"{home}/__init__.py" not in files or not home:
        return _free_module(files)
    up = len(parent.parts) - len(PurePosixPath(home).parts)
    return "." * (up + 1) + _free_module(files)


def _free_module(files: Mapping[str, str]) -> str:
    """The name of the helper module: one that no file of the project has."""
    taken = {PurePosixPath(path).stem for path in files}
    names = (HELPER_MODULE, *(f"{HELPER_MODULE}_{number}" for number in range(2, len(files) + 3)))
    return next(name for name in names if name not in taken)
