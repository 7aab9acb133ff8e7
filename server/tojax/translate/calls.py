"""Rewrites references to PyTorch: every call, attribute and name that a rule covers."""

from __future__ import annotations

import ast

from tojax.rules.modules import Rule
from tojax.source.facts import ClassFacts
from tojax.source.kinds import Kind, is_array
from tojax.translate.context import FileContext
from tojax.translate.insertions import add_keyword
from tojax.translate.projection import projection
from tojax.translate.rngs import unit_of
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
from tojax.translate.specialise.literals import literal_kind

_METHODS = (
    "torch.Tensor.",
    "torch.distributions.Normal.",
    "torch.nn.Module.",
    "torch.optim.Optimizer.",
    "torch.optim.lr_scheduler.LRScheduler.",
)
_PLACEMENT = {"device", "pin_memory", "non_blocking", "memory_format", "layout", "requires_grad"}


class Calls:
    """Applies rules to the expressions of one file."""

    def __init__(self, context: FileContext) -> None:
        self._context = context
        self._specialiser = Specialiser(context.index, self.kind)

    def run(self) -> None:
        """Rewrite every reference that no pass has dealt with."""
        context = self._context
        for node in list(context.edits.parents):
            if node in context.done:
                continue
            if isinstance(node, ast.Attribute) and node not in context.edits.expressions:
                self._named_item(node)
            if not context.name(node):
                continue
            parent = context.edits.parents[node]
            if isinstance(parent, ast.Attribute) and context.name(parent).startswith(
                f"{context.name(node)}."
            ):
                continue
            if isinstance(parent, ast.Call) and parent.func is node:
                if parent not in context.done:
                    self.call(parent)
            elif isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Load):
                self.reference(node)

    def _named_item(self, node: ast.Attribute) -> None:
        """``found.values`` of a PyTorch named tuple, which is a plain tuple here."""
        kind = self.kind(node.value)
        if kind.tag == "tuple" and node.attr in kind.fields:
            position = ast.Constant(kind.fields.index(node.attr))
            self._context.edits.replace(node, ast.Subscript(node.value, position, ast.Load()))

    def kind(self, node: ast.expr) -> Kind:
        """Kind of an argument, original or made."""
        known = self._context.inference.kinds.get(node)
        return known if known is not None else literal_kind(node)

    # calls

    def call(self, node: ast.Call) -> None:
        """Rewrite one original call of a PyTorch function, layer or method."""
        context = self._context
        name = context.name(node.func)
        context.done.add(node)
        if name.startswith("super."):
            return
        positional, keywords = self._arguments(node, name)
        rule = self.choose(name)
        if rule is None:
            self._no_rule(node, name)
            return
        if any(keyword.arg is None for keyword in node.keywords):
            self._spread_call(node, name, rule)
            return
        try:
            if self._apply_for_one(name, rule, positional, keywords, node):
                return
            made = self.apply(name, rule, positional, keywords, node)
        except Unsupported as error:
            context.leave(node, "TJ202", name, f"{name}: {error}")
            return
        if made is not None and not self._keep_layout(node, made):
            context.edits.replace(node, made)

    def _keep_layout(self, node: ast.Call, made: ast.expr) -> bool:
        """Edit a call over several lines in place, if its arguments stay and keep their order."""
        edits = self._context.edits
        if not isinstance(made, ast.Call) or node not in edits.spans:
            return False
        if "\n" not in edits.source(node) or any(k.arg is None for k in made.keywords):
            return False
        old = [(None, _inner(a)) for a in node.args] + [(k, k.value) for k in node.keywords]
        new = [(None, _inner(a)) for a in made.args] + [(k.arg, k.value) for k in made.keywords]
        added = new[len(old) :]
        if len(old) > len(new) or any(o[1] is not n[1] for o, n in zip(old, new, strict=False)):
            return False
        if any(not isinstance(value, ast.Name) or value.id != "rngs" for _, value in added):
            return False
        edits.replace(node.func, made.func)
        self._context.done.add(node.func)
        for (keyword, value), (name, _) in zip(old, new, strict=False):
            start = edits.spans[keyword or value][0]
            if keyword is not None and keyword.arg != name:
                text = f"{name}=" if name else ""
                edits.replace_text(keyword, start, edits.spans[value][0], text)
            elif keyword is None and name is not None:
                edits.replace_text(node, start, start, f"{name}=")
        for _, value in added:
            self._pass_rngs(node, value)
        return True

    def _apply_for_one(
        self,
        name: str,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
        node: ast.Call,
    ) -> bool:
        """Compute one of several results where the code uses only one: ``x.max(1)[0]``."""
        context = self._context
        if not isinstance(rule.node, ast.FunctionDef) or keywords.keys() & {"out"}:
            return False
        use = projection(context.edits, node, rule.fields)
        if use is None:
            return False
        bound = bind(context.index.signature(rule), positional, keywords)
        try:
            result = self._specialiser.specialise(rule.module, rule.node, bound, use.item)
        except NotReducible:
            return False
        context.rules[name] = None
        if use.target is not None:
            context.edits.replace(use.target[0], use.target[1])
        context.edits.replace(use.place, self._accept(result, node))
        return True

    def _arguments(self, node: ast.Call, name: str) -> tuple[list[Argument], dict[str, Argument]]:
        positional = [Argument(argument, self.kind(argument)) for argument in node.args]
        if name.startswith(_METHODS) and isinstance(node.func, ast.Attribute):
            receiver = node.func.value
            kind = self.kind(receiver)
            if name.startswith("torch.Tensor.") and not is_array(kind):
                kind = Kind("array")
            positional.insert(0, Argument(receiver, kind.present()))
        keywords = {
            keyword.arg: Argument(keyword.value, self.kind(keyword.value))
            for keyword in node.keywords
            if keyword.arg
        }
        return positional, keywords

    def choose(self, name: str) -> Rule | None:
        """The rule for a name: a layer whose parameters are touched keeps PyTorch's layout."""
        index = self._context.index
        layer = index.layers.get(name)
        if layer is not None and (name in self._context.touched or name not in index.functions):
            return layer
        rule = index.functions.get(name)
        if rule is None and name.endswith("_") and name.startswith("torch."):
            rule = index.functions.get(name[:-1])
        return rule

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
        context = self._context
        if keywords.keys() & {"out"}:
            raise Unsupported("the argument out= has no JAX form; assign the result instead")
        if isinstance(rule.node, ast.ClassDef):
            return self._construct(name, rule, positional, keywords, place)
        bound = bind(self._context.index.signature(rule), positional, keywords)
        try:
            result = self._specialiser.specialise(rule.module, rule.node, bound)
        except NotReducible:
            layer = context.index.layers.get(name)
            if layer is not None:
                return self._construct(name, layer, positional, keywords, place)
            result = self._helper_call(rule, positional, keywords)
        context.rules[name] = None
        return self._accept(result, place)

    def _accept(self, result: Result, place: ast.AST) -> ast.expr:
        context = self._context
        context.imports |= result.imports
        for made in result.rngs:
            context.rngs.add(context, place, made)
        for module, helper in result.helpers:
            context.helpers.setdefault((module, helper), [])
        for node in ast.walk(result.expression):
            if isinstance(node, HelperName):
                context.helpers.setdefault((node.module, node.name), []).append(node)
        return result.expression

    def _helper_call(
        self,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
    ) -> Result:
        """A call of the whole rule, copied into the output as a helper."""
        name = HelperName(rule.module.name, rule.node.name)
        used = _names_in(rule.node)
        arguments: list[ast.expr] = [argument.node for argument in positional]
        made = [
            ast.keyword(self._parameter(rule, key), argument.node)
            for key, argument in keywords.items()
            if key not in _PLACEMENT or key in used
        ]
        result = Result(ast.Call(name, arguments, made))
        if self._wants_rngs(rule):
            key = ast.Name("rngs", ast.Load())
            made.append(ast.keyword("rngs", key))
            result.rngs.append(key)
        return result

    def _construct(
        self,
        name: str,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
        place: ast.AST,
    ) -> ast.expr | None:
        context = self._context
        signature = context.index.signature(rule)
        accepted = {a.arg for a in (*signature.args, *signature.kwonlyargs)}
        dropped = {key for key in keywords if key in _PLACEMENT | {"dtype"} and key not in accepted}
        kept = {key: value for key, value in keywords.items() if key not in dropped}
        starred = any(isinstance(argument.node, ast.Starred) for argument in positional)
        if not starred:
            bind(signature, positional, kept)
        context.rules[name] = None
        wants = self._wants_rngs(rule)
        if isinstance(place, ast.Call) and not dropped and context.name(place.func) == name:
            reference = context.helper(rule.module.name, rule.node.name)
            context.edits.replace(place.func, reference)
            context.done.add(place.func)
            if wants:
                key = ast.Name("rngs", ast.Load())
                context.rngs.add(context, place, key)
                self._pass_rngs(place, key)
            return None
        reference = context.helper(rule.module.name, rule.node.name)
        made = [ast.keyword(key, argument.node) for key, argument in kept.items()]
        if wants:
            key = ast.Name("rngs", ast.Load())
            context.rngs.add(context, place, key)
            made.append(ast.keyword("rngs", key))
        return ast.Call(reference, [argument.node for argument in positional], made)

    def _pass_rngs(self, call: ast.Call, key: ast.expr) -> None:
        unit, function = unit_of(self._context, call)
        in_method = isinstance(unit, ClassFacts) and function is not None
        stored = in_method and function is not None and function.name != "__init__"
        add_keyword(self._context.edits, call, f"rngs={'self.rngs' if stored else 'rngs'}")

    def _spread_call(self, node: ast.Call, name: str, rule: Rule) -> None:
        """A call with ``**options``: the whole rule takes them."""
        context = self._context
        reference = context.helper(rule.module.name, rule.node.name)
        if name.startswith(_METHODS):
            context.leave(node, "TJ202", name, f"{name}: ** arguments of a method")
            return
        context.rules[name] = None
        context.edits.replace(node.func, reference)
        context.done.add(node.func)
        if self._wants_rngs(rule):
            key = ast.Name("rngs", ast.Load())
            context.rngs.add(context, node, key)
            self._pass_rngs(node, key)

    # references

    def reference(self, node: ast.expr) -> None:
        """Rewrite a PyTorch name that is not called: a constant, a type, a property, a function."""
        context = self._context
        name = context.name(node)
        if name.startswith("super.") or name == "torch":
            return
        value = context.index.value(name)
        rule = context.index.properties.get(name)
        if rule is not None and isinstance(node, ast.Attribute):
            bound = bind(
                self._context.index.signature(rule), [Argument(node.value, Kind("array"))], {}
            )
            try:
                assert isinstance(rule.node, ast.FunctionDef)
                result = self._specialiser.specialise(rule.module, rule.node, bound)
            except NotReducible:
                result = self._helper_call(rule, [Argument(node.value)], {})
            context.rules[name] = None
            context.edits.replace(node, self._accept(result, node))
        elif value is not None:
            expression, module = value
            context.rules[name] = None
            context.imports |= {
                module.imports[part.id]
                for part in ast.walk(expression)
                if isinstance(part, ast.Name) and part.id in module.imports
            }
            context.edits.replace(node, expression)
        elif not name.startswith(_METHODS):
            self._function_reference(node, name)

    def _function_reference(self, node: ast.expr, name: str) -> None:
        context = self._context
        rule = context.index.layers.get(name) or context.index.functions.get(name)
        if rule is None:
            self._no_rule(node, name)
            return
        context.rules[name] = None
        direct = self._eta(rule) if isinstance(rule.node, ast.FunctionDef) else None
        if direct is not None:
            context.edits.replace(node, self._accept(direct, node))
        else:
            context.edits.replace(node, context.helper(rule.module.name, rule.node.name))

    def _eta(self, rule: Rule) -> Result | None:
        """``jax.nn.relu`` for a rule whose body is ``jax.nn.relu(input)``."""
        parameters = self._context.index.signature(rule).args
        if not parameters:
            return None
        probe = ast.Name(parameters[0].arg, ast.Load())
        try:
            bound = bind(self._context.index.signature(rule), [Argument(probe, Kind("array"))], {})
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

    def _wants_rngs(self, rule: Rule) -> bool:
        keywords = self._context.index.signature(rule).kwonlyargs
        return any(argument.arg == "rngs" for argument in keywords)

    def _parameter(self, rule: Rule, key: str) -> str:
        signature = self._context.index.signature(rule)
        names = {argument.arg for argument in (*signature.args, *signature.kwonlyargs)}
        return key if key in names else PARAMETER_ALIASES.get(key, key)

    # unresolved

    def _helper_has(self, name: str) -> bool:
        """Whether a method is one of the class that stands for a PyTorch class."""
        owner, _, attr = name.rpartition(".")
        rule = self._context.index.layers.get(owner)
        if rule is None or not isinstance(rule.node, ast.ClassDef):
            return False
        return self._context.index.method(rule.module, rule.node, attr) is not None

    def _no_rule(self, node: ast.expr, name: str) -> None:
        if self._helper_has(name):
            return
        if name.startswith(_METHODS):
            method = node.func if isinstance(node, ast.Call) else None
            certain = isinstance(method, ast.Attribute) and (
                self._context.kind(method.value).tag != "unknown"
            )
            if not certain or name.startswith("torch.nn.Module."):
                return
        self._context.leave(node, "TJ201", name, f"no rule for {name}")


def _inner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node


def _names_in(node: ast.AST) -> set[str]:
    body = node.body if isinstance(node, ast.FunctionDef) else [node]
    return {
        part.id for statement in body for part in ast.walk(statement) if isinstance(part, ast.Name)
    }
