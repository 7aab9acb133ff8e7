"""Translates the files of a project together."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from tojax.nouns import Translation
from tojax.rules.index import RuleIndex, rule_index
from tojax.source.facts import ModuleFacts, definitions, module_facts
from tojax.source.import_roots import ImportRoots, module_name
from tojax.source.inference import Inference
from tojax.source.program import Program
from tojax.source.reexports import follow_reexports
from tojax.source.trained_arrays import trained_arrays
from tojax.source.written_states import written_states
from tojax.translate.context import FileContext, Init
from tojax.translate.edits import Edits
from tojax.translate.helper_modules import HelperModules
from tojax.translate.helpers import HelperLibrary
from tojax.translate.initial import inherited_constructors
from tojax.translate.joined_statements import separated
from tojax.translate.memory.sharing import Sharing
from tojax.translate.output import identifiers, render
from tojax.translate.passes.base_layers import base_layers
from tojax.translate.passes.branches import branches
from tojax.translate.passes.buffers import buffers
from tojax.translate.passes.class_tests import class_tests
from tojax.translate.passes.clones import clones
from tojax.translate.passes.closures import closures
from tojax.translate.passes.containers import containers
from tojax.translate.passes.decorators import decorators
from tojax.translate.passes.device_types import device_types
from tojax.translate.passes.dtypes import dtypes
from tojax.translate.passes.foreign import foreign
from tojax.translate.passes.freezing import freezes, freezing
from tojax.translate.passes.generators import generators
from tojax.translate.passes.handed_back import give_back, handed_back
from tojax.translate.passes.imports import torch_names
from tojax.translate.passes.indexing import list_indices
from tojax.translate.passes.inplace import inplace
from tojax.translate.passes.inplace_layers import inplace_layers
from tojax.translate.passes.introspection import introspection
from tojax.translate.passes.layer_calls import layer_calls
from tojax.translate.passes.masks import masks
from tojax.translate.passes.metaclasses import metaclasses
from tojax.translate.passes.modes import modes
from tojax.translate.passes.module_protocol import module_protocol
from tojax.translate.passes.modules import flagged_classes, modules
from tojax.translate.passes.optimizers import adjusted, optimizers
from tojax.translate.passes.placeholders import placeholders
from tojax.translate.passes.pulled_back import pulled_back
from tojax.translate.passes.quiet_calls import quiet_calls
from tojax.translate.passes.references import references
from tojax.translate.passes.restarts import restarts
from tojax.translate.passes.single_items import single_items
from tojax.translate.passes.trained_arrays import parameters_made
from tojax.translate.passes.training import Training
from tojax.translate.passes.type_hints import type_hints
from tojax.translate.passes.unknown_stores import unknown_stores
from tojax.translate.passes.written_arguments import written_arguments
from tojax.translate.rngs import LayerTypes, RngThreading
from tojax.translate.rule_calls import RuleCalls
from tojax.translate.touched import touched_layers

_BYTE_ORDER_MARK = "\ufeff"


def has_crlf(source: str) -> bool:
    """Whether every line of a text ends in CRLF."""
    return "\r\n" in source and "\n" not in source.replace("\r\n", "")


def translate_source(source: str, filename: str | None = None, init: Init = "flax") -> Translation:
    """Translate one file; helpers are defined in it.

    Raises:
        SyntaxError: the source does not parse.
    """
    if source.startswith(_BYTE_ORDER_MARK):
        made = translate_source(source.removeprefix(_BYTE_ORDER_MARK), filename, init)
        return made.model_copy(update={"code": _BYTE_ORDER_MARK + made.code})
    if has_crlf(source):
        made = translate_source(source.replace("\r\n", "\n"), filename, init)
        return made.model_copy(update={"code": made.code.replace("\n", "\r\n")})
    apart = separated(source)
    if apart is not None:
        return apart.restored(translate_source(apart.text, filename, init))
    tree = ast.parse(source, filename or "<source>")
    if not definitions(tree).uses_torch:
        return Translation(code=source, filename=filename)
    with _no_garbage_collection():
        contexts = _analyse([module_facts(source, tree)], rule_index(), init)
        library = HelperLibrary(rule_index(), identifiers(contexts[0]))
        return render(contexts[0], library, filename=filename)


def translate_project(files: Mapping[str, str], *, init: Init = "flax") -> dict[str, Translation]:
    """Translate files that import each other.

    Args:
        files: relative POSIX path → source, every Python file of the project.
        init: whether layers start like Flax's or like PyTorch's.

    Returns:
        Path → translation, for every file given and for the helper modules that they need.

    Raises:
        SyntaxError: a source does not parse; its ``filename`` tells which.
    """
    crlf = {path for path, source in files.items() if has_crlf(source)}
    plain = {p: s.replace("\r\n", "\n") if p in crlf else s for p, s in files.items()}
    apart = {path: found for path, text in plain.items() if (found := separated(text))}
    with _no_garbage_collection():
        made = _translate_files(plain | {path: split.text for path, split in apart.items()}, init)
    for path, split in apart.items():
        made[path] = split.restored(made[path])
    for path in crlf:
        code = made[path].code.replace("\n", "\r\n")
        made[path] = made[path].model_copy(update={"code": code})
    return made


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Everything made here stays until the end; the collector would search it again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _translate_files(files: Mapping[str, str], init: Init) -> dict[str, Translation]:
    """`translate_project` for files whose lines end in LF."""
    trees = {path: ast.parse(source, path) for path, source in files.items()}
    roots = ImportRoots(trees)
    facts = [
        module_facts(files[path], tree, module_name(path), path, partial(roots.located, path))
        for path, tree in trees.items()
    ]
    contexts = _analyse(facts, rule_index(), init)
    modules = HelperModules(trees, roots)
    libraries = _libraries(contexts, modules)
    results: dict[str, Translation] = {}
    for context in contexts:
        path = context.facts.path
        if not torch_names(context) and not context.edits.dirty():
            results[path] = Translation(code=files[path], filename=path)
        else:
            library = libraries[modules.home(path)]
            results[path] = render(context, library, filename=path, origin=modules.origin(path))
    for home, library in libraries.items():
        if not library.is_empty:
            path = modules.path(home)
            results[path] = Translation(code=library.module_source(), filename=path)
    return results


def _libraries(contexts: list[FileContext], modules: HelperModules) -> dict[str, HelperLibrary]:
    """The helpers by home, in which no name is one that a file using them has."""
    taken: dict[str, set[str]] = {}
    for context in contexts:
        taken.setdefault(modules.home(context.facts.path), set()).update(identifiers(context))
    return {home: HelperLibrary(rule_index(), names) for home, names in taken.items()}


def _analyse(facts: list[ModuleFacts], index: RuleIndex, init: Init) -> list[FileContext]:
    """Run inference and all passes over files that belong together."""
    follow_reexports(facts)
    program = Program(facts)
    inference = Inference(program, index)
    for module in facts:
        inference.records.trained |= trained_arrays(module, program.is_layer)
        inference.records.written_states |= written_states(module)
    inference.run()
    contexts = [
        FileContext(module, program, inference, index, Edits(module.text, module.tree), init=init)
        for module in facts
    ]
    touched, flagged = touched_layers(contexts), flagged_classes(contexts)
    freezing_anywhere = freezes(contexts)
    sharing = Sharing(contexts)
    for context in contexts:
        context.touched, context.flagged = touched, flagged
        context.freezes = freezing_anywhere
        context.sharing = sharing
    class_tests(contexts)
    metaclasses(contexts)
    returning = handed_back(contexts)
    module_protocol(contexts)
    layer_types = LayerTypes(contexts)
    open_calls: frozenset[ast.AST] = frozenset(call for _, call in layer_types.calls)
    for context in contexts:
        context.open_calls = open_calls
        context.opened.update(layer_types.bases(context))
    threading = RngThreading(contexts, layer_types)
    rules = {context: RuleCalls(context) for context in contexts}
    adjustable = adjusted(contexts)
    for context in contexts:
        context.handed_back = returning
        introspection(context)
        dtypes(context)
        modes(context)
        quiet_calls(context)
        foreign(context)
        closures(context)
        clones(context)
        device_types(context)
        base_layers(context, identifiers(context))
        generators(context)
        decorators(context)
        freezing(context)
        list_indices(context)
        layer_calls(context)
        inplace(context, rules[context])
        unknown_stores(context)
        inplace_layers(context)
        buffers(context)
        branches(context)
        written_arguments(context)
        containers(context)
        type_hints(context)
        masks(context)
        single_items(context)
        modules(context)
        restarts(context)
        placeholders(context)
        parameters_made(context)
        optimizers(context, rules[context], adjustable=adjustable)
        pulled_back(context, partial(identifiers, context))
    Training(contexts, rules).run()
    for context in contexts:
        references(context, rules[context])
        give_back(context)
        inherited_constructors(context)
    threading.run()
    return contexts
