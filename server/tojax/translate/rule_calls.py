"""Applies rules: the JAX expression for one call of a PyTorch function, layer or method."""

from __future__ import annotations

import ast
import re

from tojax.rules.modules import Rule
from tojax.source.facts import parameters
from tojax.source.kinds import Kind, is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.generator_arguments import drawing_from_generator
from tojax.translate.initial import as_value, chosen, initializers
from tojax.translate.optional_variables import read_where_present
from tojax.translate.projection import Projection, is_mapped
from tojax.translate.rngs.units import pass_rngs
from tojax.translate.specialise import (
    PARAMETER_ALIASES,
    Argument,
    HelperName,
    NotReducible,
    Result,
    Specialiser,
    Unsupported,
    bind,
)
from tojax.translate.specialise.keys import own_keys, placed
from tojax.translate.specialise.literals import literal_kind

_METHODS = re.compile(r"torch\.(?:\w+\.)*[A-Z]\w*\.\w+")
_PLACEMENT = {"device", "pin_memory", "non_blocking", "memory_format", "layout", "requires_grad"}

_OF_NO_USE = {"inplace", "out"}  # arguments that JAX's functions lack


def is_method(name: str) -> bool:
    """Whether a qualified name is that of a method or attribute: ``torch.Tensor.sum``."""
    return _METHODS.fullmatch(name) is not None


class RuleCalls:
    """Makes calls of rules for one file, and notes what they need in the output."""

    def __init__(self, context: FileContext) -> None:
        self._context = context
        self._index = context.index
        self._specialiser = Specialiser(context.index, self.kind, self._made)

    def kind(self, node: ast.expr) -> Kind:
        """Kind of an argument, original or made."""
        known = self._context.inference.kinds.get(node)
        return known if known is not None else literal_kind(node)

    def arguments(self, call: ast.Call) -> tuple[list[Argument], dict[str, Argument]]:
        """The arguments that a call gives by position and by name; ``**`` is left out."""
        positional = [Argument(argument, self.kind(argument)) for argument in call.args]
        keywords = {
            keyword.arg: Argument(keyword.value, self.kind(keyword.value))
            for keyword in call.keywords
            if keyword.arg
        }
        return positional, keywords

    def takes_object(self, name: str, func: ast.expr) -> bool:
        """Whether the rule for a call of ``func`` has the method's object as its first argument."""
        is_bound = isinstance(func, ast.Attribute) and self.kind(func.value).tag != "torch"
        return is_bound and is_method(name)

    def receiver(self, node: ast.expr, name: str) -> Argument:
        """The object of the method ``name`` as an argument."""
        kind = self.kind(node)
        if name.startswith("torch.Tensor.") and not is_array(kind):
            kind = Kind("array")
        return Argument(node, kind.present())

    def _made(self, call: ast.Call) -> ast.expr | None:
        """What an original call becomes, if its rule reduces; it need not be part of the output."""
        name = self._context.name(call.func)
        rule = self._index.functions.get(name)
        if rule is None or not isinstance(rule.node, ast.FunctionDef):
            return None
        positional, keywords = self.arguments(call)
        if isinstance(call.func, ast.Attribute) and self.takes_object(name, call.func):
            positional.insert(0, self.receiver(call.func.value, name))
        try:
            bound = bind(self._index.signature(rule), positional, keywords)
            result = self._specialiser.specialise(rule.module, rule.node, bound)
        except (NotReducible, Unsupported):
            return None
        return None if result.rngs else result.expression

    def choose(self, name: str) -> Rule | None:
        """The rule for a name: a layer whose parameters are touched keeps PyTorch's layout."""
        layer = self._context.layer(name)
        if layer is not None and (
            name in self._context.touched or name not in self._index.functions
        ):
            return layer
        rule = self._index.functions.get(name)
        if rule is None and name.endswith("_") and name.startswith("torch."):
            rule = self._index.functions.get(name[:-1])
        return rule

    # inlining

    def apply(
        self,
        name: str,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
        place: ast.AST,
    ) -> ast.expr | None:
        """The JAX expression for a call of ``rule``, for use at the original node ``place``.

        Returns None if the original call was edited in its own layout.

        Raises:
            Unsupported: the rule does not cover the arguments.
        """
        if "out" in keywords:
            raise Unsupported("the argument out= has no JAX form; assign the result instead")
        positional, keywords = drawing_from_generator(
            self._index.signature(rule), positional, keywords
        )
        if isinstance(rule.node, ast.ClassDef):
            return self._construct(name, rule, positional, keywords, place)
        try:
            start = chosen(self._context, rule)
            bound = bind(self._index.signature(rule), positional, keywords | start)
            result = self._specialiser.specialise(rule.module, rule.node, bound)
        except NotReducible:
            layer = self._context.layer(name)
            if layer is not None:
                return self._construct(name, layer, positional, keywords, place)
            result = self._helper_call(rule, positional, keywords | start)
        return self._accept(name, result, place)

    def apply_for_one(
        self,
        name: str,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
        use: Projection,
    ) -> ast.expr | None:
        """The JAX expression for the one of several results that is used, if they are separate."""
        if not isinstance(rule.node, ast.FunctionDef) or "out" in keywords:
            return None
        try:
            bound = bind(self._index.signature(rule), positional, keywords)
            result = self._specialiser.specialise(rule.module, rule.node, bound, use.item)
        except NotReducible:
            return None
        return self._accept(name, result, use.call)

    def read(self, name: str, rule: Rule, node: ast.Attribute) -> ast.expr:
        """The JAX expression for a property of an array."""
        assert isinstance(rule.node, ast.FunctionDef)
        bound = bind(self._index.signature(rule), [Argument(node.value, Kind("array"))], {})
        try:
            result = self._specialiser.specialise(rule.module, rule.node, bound)
        except NotReducible:
            result = self._helper_call(rule, [Argument(node.value)], {})
        return self._accept(name, result, node)

    def function(self, name: str, rule: Rule, node: ast.expr) -> ast.expr:
        """The JAX function that a PyTorch function or class is, where it is not called."""
        direct = self._eta(rule, node) if isinstance(rule.node, ast.FunctionDef) else None
        if direct is not None:
            return self._accept(name, direct, node)
        reference = self.layer_type(name, rule)
        return as_value(self._context, rule, node, reference) or reference

    def layer_type(self, name: str, rule: Rule) -> ast.Name:
        """A reference to a whole rule for code that may not know which layer it constructs."""
        if self._context.open_calls and re.fullmatch(r"torch\.nn\.[A-Z]\w*", name):
            self._context.opened.add((rule.module.name, rule.node.name))
        return self.helper(name, rule)

    def _eta(self, rule: Rule, node: ast.expr) -> Result | None:
        """``jax.nn.relu`` for a rule whose body is ``jax.nn.relu(input)``.

        A function that may be given more than one argument keeps PyTorch's names for them.
        """
        signature = self._index.signature(rule)
        more = {argument.arg for argument in parameters(signature)[1:]} - _OF_NO_USE
        if not signature.args or (more and not is_mapped(self._context.edits, node)):
            return None
        probe = ast.Name(signature.args[0].arg, ast.Load())
        try:
            bound = bind(signature, [Argument(probe, Kind("array"))], {})
            assert isinstance(rule.node, ast.FunctionDef)
            result = self._specialiser.specialise(rule.module, rule.node, bound)
        except (NotReducible, Unsupported):
            return None
        match result.expression:
            case ast.Call(func=ast.Attribute() as function, args=[argument], keywords=[]) if (
                argument is probe and not result.rngs
            ):
                return Result(function, result.imports, result.helpers)
        return None

    def _accept(self, name: str, result: Result, place: ast.AST) -> ast.expr:
        """Note what a result needs in the output."""
        context = self._context
        context.rules[name] = None
        context.imports |= result.imports
        context.draws += [(place, key) for key in result.rngs]
        for module, helper in result.helpers:
            context.helpers.setdefault((module, helper), [])
        for node in walk(result.expression):
            if isinstance(node, HelperName):
                context.helpers.setdefault((node.module, node.name), []).append(node)
        read_where_present(context, result.expression)
        return result.expression

    # helpers

    def helper(self, name: str, rule: Rule) -> ast.Name:
        """A reference to the whole rule, which is copied into the output."""
        self._context.rules[name] = None
        return self._context.helper(rule.module.name, rule.node.name)

    def hand_keys(self, rule: Rule, call: ast.Call) -> None:
        """Give ``rngs`` to an original call of a helper, if it draws."""
        if self._wants_rngs(rule):
            self._context.draws.append((call, ast.Name("rngs", ast.Load())))
            pass_rngs(self._context, call)

    def _helper_call(
        self, rule: Rule, positional: list[Argument], keywords: dict[str, Argument]
    ) -> Result:
        """A call of the whole rule, copied into the output as a helper."""
        used = _names_in(rule.node)
        made = [
            ast.keyword(self._parameter(rule, key), argument.node)
            for key, argument in keywords.items()
            if key != "rngs" and (key not in _PLACEMENT or key in used)
        ]
        name = HelperName(rule.module.name, rule.node.name)
        result = Result(ast.Call(name, [argument.node for argument in positional], made))
        if self._wants_rngs(rule):
            keys, result.rngs = placed(keywords["rngs"].node if "rngs" in keywords else own_keys())
            made.append(ast.keyword("rngs", keys))
        return result

    def _construct(
        self,
        name: str,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
        place: ast.AST,
    ) -> ast.expr | None:
        """A layer that keeps PyTorch's layout, as a helper; edits the original call if it can."""
        context = self._context
        signature = self._index.signature(rule)
        accepted = {a.arg for a in (*signature.args, *signature.kwonlyargs)}
        dropped = {key for key in keywords if key in _PLACEMENT | {"dtype"} and key not in accepted}
        kept = {key: value for key, value in keywords.items() if key not in dropped}
        if not any(isinstance(argument.node, ast.Starred) for argument in positional):
            bind(signature, positional, kept)
        reference = self.helper(name, rule)
        start = initializers(context, rule)
        is_original = isinstance(place, ast.Call) and context.name(place.func) == name
        is_kept = is_original and not dropped and not start and "rngs" not in kept
        if isinstance(place, ast.Call) and is_kept:
            context.edits.replace(place.func, reference)
            context.done.add(place.func)
            self.hand_keys(rule, place)
            return None
        given = kept.pop("rngs").node if "rngs" in kept else own_keys()
        made = [ast.keyword(key, argument.node) for key, argument in kept.items()] + start
        if self._wants_rngs(rule):
            keys, drawn = placed(given)
            context.draws += [(place, name) for name in drawn]
            made.append(ast.keyword("rngs", keys))
        return ast.Call(reference, [argument.node for argument in positional], made)

    def _wants_rngs(self, rule: Rule) -> bool:
        return self.takes(rule, "rngs")

    def takes(self, rule: Rule, keyword: str) -> bool:
        """Whether a rule has a parameter that is given by keyword only."""
        keywords = self._index.signature(rule).kwonlyargs
        return any(argument.arg == keyword for argument in keywords)

    def _parameter(self, rule: Rule, key: str) -> str:
        signature = self._index.signature(rule)
        names = {argument.arg for argument in (*signature.args, *signature.kwonlyargs)}
        return key if key in names else PARAMETER_ALIASES.get(key, key)


def _names_in(node: ast.AST) -> set[str]:
    body = node.body if isinstance(node, ast.FunctionDef) else [node]
    return {part.id for statement in body for part in walk(statement) if isinstance(part, ast.Name)}
