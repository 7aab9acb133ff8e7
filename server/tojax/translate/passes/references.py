"""Rewrites references to PyTorch: every call, attribute and name that a rule covers."""

from __future__ import annotations

import ast

from tojax.rules.modules import Rule
from tojax.source.inference.evidence import says_tensor
from tojax.source.kinds import BOOL, INT, LAYER
from tojax.source.names import attributes_of, is_namespace
from tojax.source.trees import walk
from tojax.translate.call_layout import edit_in_place
from tojax.translate.changing_calls import is_initialiser
from tojax.translate.context import FileContext
from tojax.translate.detached import asks_for_form, detaches
from tojax.translate.initial import with_initializers
from tojax.translate.projection import projection, unpacked_into
from tojax.translate.rule_calls import RuleCalls, is_method
from tojax.translate.specialise import Argument, Unsupported
from tojax.translate.specialise.literals import static

# Of JAX's arrays too, or dealt with by a pass.
_ARRAY_ATTRIBUTES = {
    "shape", "ndim", "dtype", "device", "data", "real", "imag", "T", "mT",
    "itemsize", "nbytes",
}  # fmt: skip
_SHARED_WITH_NNX = {"train", "eval", "forward"}


def references(context: FileContext, rules: RuleCalls) -> None:
    """Rewrite every reference of a file that no other pass has dealt with."""
    _References(context, rules).run()


class _References:
    """Walks over the references of one file."""

    def __init__(self, context: FileContext, rules: RuleCalls) -> None:
        self._context = context
        self._rules = rules

    def run(self) -> None:
        context = self._context
        for node in context.edits.nodes(ast.expr):
            if node in context.done:
                continue
            if isinstance(node, ast.Attribute) and node not in context.edits.expressions:
                self._named_item(node)
            if not context.name(node):
                continue
            parent = context.edits.parents[node]
            if isinstance(parent, ast.Attribute) and self._is_namespace_of(node, parent):
                continue
            if isinstance(parent, ast.Call) and parent.func is node:
                if parent not in context.done:
                    self._call(parent)
            elif isinstance(node, ast.Call) or (
                isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Load)
            ):
                self._reference(node)
            elif isinstance(node, ast.Attribute) and self._is_of_class(node):
                reason = f"{context.name(node)} is replaced; JAX code does not go through it"
                context.leave(node, "TJ201", context.name(node), reason)

    def _is_namespace_of(self, node: ast.AST, parent: ast.Attribute) -> bool:
        """Whether a name is only the way to a longer one, which may be known by another path."""
        context = self._context
        longer = context.name(parent)
        is_path = bool(longer) and context.kind(node).tag == "torch"
        return is_path or longer.startswith(f"{context.name(node)}.")

    def _named_item(self, node: ast.Attribute) -> None:
        """``found.values`` of a PyTorch named tuple, which is a plain tuple here."""
        kind = self._rules.kind(node.value)
        if kind.tag == "tuple" and node.attr in kind.fields:
            position = ast.Constant(kind.fields.index(node.attr))
            self._context.edits.replace(node, ast.Subscript(node.value, position, ast.Load()))

    # calls

    def _call(self, node: ast.Call) -> None:
        """Rewrite one original call of a PyTorch function, layer or method."""
        context = self._context
        name = context.name(node.func)
        context.done.add(node)
        if name.startswith("super."):
            self._super_call(node, name.removeprefix("super."))
            return
        rule = self._rules.choose(name)
        if rule is None and name == LAYER.name and not node.args:
            self._reference(node.func)  # an object that only holds what is assigned to it
            context.done.add(node.func)
            return
        if rule is None:
            self._no_rule(node, name)
            return
        if any(keyword.arg is None for keyword in node.keywords):
            self._spread_call(node, name, rule)
            return
        positional, keywords = self._rules.arguments(node)
        if isinstance(node.func, ast.Attribute) and self._rules.takes_object(name, node.func):
            positional.insert(0, self._rules.receiver(node.func.value, name))
        self._tell_unpacked(node, rule, positional, keywords)
        if node in context.inference.records.written_states:
            keywords["keep_vars"] = Argument(ast.Constant(True), BOOL)
        if self._rules.takes(rule, "detaches") and detaches(context, node):
            keywords["detaches"] = Argument(ast.Constant(True), BOOL)
        try:
            if self._call_for_one(node, name, rule, positional, keywords):
                return
            made = self._rules.apply(name, rule, positional, keywords, node)
        except Unsupported as error:
            context.leave(node, "TJ202", name, f"{name}: {error}")
            return
        if made is not None and not edit_in_place(context, node, made):
            context.edits.replace(node, made)

    def _tell_unpacked(
        self,
        node: ast.Call,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
    ) -> None:
        """Tell a rule that asks for it that as many names take its results as an argument says."""
        names = unpacked_into(self._context.edits, node)
        given = [static(argument.node) for argument in (*positional, *keywords.values())]
        if names is not None and names in given and self._rules.takes(rule, "unpacked"):
            keywords["unpacked"] = Argument(ast.Constant(names), INT)

    def _super_call(self, node: ast.Call, attr: str) -> None:
        """A method of a base class: of the layer that stands for it, or by a rule of its own."""
        context = self._context
        owner = context.enclosing_class(node)
        facts = context.facts.class_of.get(owner) if owner is not None else None
        if facts is None or attr in _SHARED_WITH_NNX or attr.startswith("__"):
            return
        bases = [base for base in context.program.base_classes(facts) if base is not facts]
        if any(attr in base.methods for base in bases):
            return
        for base in context.program.torch_bases(facts):
            method = context.index.functions.get(f"{base}.{attr}")
            if method is not None:
                self._rule_of_a_base(node, f"{base}.{attr}", method)
                return
            rule = context.layer(base)
            if rule is not None and isinstance(rule.node, ast.ClassDef):
                if not context.index.has_member(rule.module, rule.node, attr):
                    context.leave_unknown(node, f"{base}.{attr}")
                    return

    def _rule_of_a_base(self, node: ast.Call, name: str, rule: Rule) -> None:
        """``super().reset_parameters()``, by the rule for the method: ``reset_layer(self)``."""
        function = self._context.enclosing_function(node)
        receiver = function.args.args[0].arg if function and function.args.args else "self"
        positional, keywords = self._rules.arguments(node)
        positional.insert(0, Argument(ast.Name(receiver, ast.Load())))
        made = self._rules.apply(name, rule, positional, keywords, node)
        if made is not None:
            self._context.edits.replace(node, made)

    def _call_for_one(
        self,
        node: ast.Call,
        name: str,
        rule: Rule,
        positional: list[Argument],
        keywords: dict[str, Argument],
    ) -> bool:
        """Compute one of several results where the code uses only one: ``x.max(1)[0]``."""
        edits = self._context.edits
        use = projection(edits, node, rule.fields)
        made = use and self._rules.apply_for_one(name, rule, positional, keywords, use)
        if use is None or made is None:
            return False
        if use.target is not None:
            edits.replace(*use.target)
        edits.replace(use.place, made)
        return True

    def _spread_call(self, node: ast.Call, name: str, rule: Rule) -> None:
        """A call with ``**options``: the whole rule takes them."""
        if is_method(name):
            self._spread_method_call(node, name, rule)
            return
        reference = self._rules.layer_type(name, rule)
        started = with_initializers(self._context, rule, node, reference)
        if started is not None:
            self._context.edits.replace(node, started)
            return
        self._context.edits.replace(node.func, reference)
        self._context.done.add(node.func)
        self._rules.hand_keys(rule, node)

    def _spread_method_call(self, node: ast.Call, name: str, rule: Rule) -> None:
        """``x.sum(**options)``: the whole rule takes the object too."""
        draws = any(a.arg == "rngs" for a in self._context.index.signature(rule).kwonlyargs)
        is_tensors = name.startswith("torch.Tensor.") and isinstance(rule.node, ast.FunctionDef)
        if draws or not is_tensors or not isinstance(node.func, ast.Attribute):
            self._context.leave(node, "TJ202", name, f"{name}: ** arguments of a method")
            return
        arguments = [node.func.value, *node.args]
        call = ast.Call(self._rules.helper(name, rule), arguments, node.keywords)
        self._context.edits.replace(node, call)

    # references

    def _reference(self, node: ast.expr) -> None:
        """Rewrite a PyTorch name that is not called: a constant, a type, a property, a function."""
        context = self._context
        name = context.name(node)
        if name.startswith("super."):
            return
        is_called = name in context.index.functions and self._is_handed_to_be_called(node)
        value = None if is_called else context.index.value(name)
        rule = context.index.properties.get(name)
        if rule is not None and isinstance(node, ast.Attribute):
            is_form = asks_for_form(context, node)
            made = node.value if is_form else self._rules.read(name, rule, node)
            context.edits.replace(node, made)
        elif value is not None:
            expression, module = value
            context.rules[name] = None
            context.imports |= {
                module.imports[part.id]
                for part in walk(expression)
                if isinstance(part, ast.Name) and part.id in module.imports
            }
            context.edits.replace(node, expression)
        elif is_method(name) and not self._is_of_class(node):
            if self._is_lost_attribute(node, name):
                context.leave_unknown(node, name)
        else:
            rule = context.layer(name) or context.index.functions.get(name)
            if is_namespace(name):
                reason = f"{name} is used as a value; take what is needed from it by name"
                context.leave(node, "TJ201", name, reason)
            elif rule is None:
                self._no_rule(node, name)
            elif is_initialiser(name):
                reason = "as a value it changes nothing: call it where its result can be assigned"
                context.leave(node, "TJ203", name, reason)
            else:
                parent = context.edits.parents[node]
                if isinstance(parent, ast.Subscript) and isinstance(rule.node, ast.ClassDef):
                    context.edits.replace(parent, node)  # ``Dataset[int]``: ours is not generic
                context.edits.replace(node, self._rules.function(name, rule, node))

    def _is_handed_to_be_called(self, node: ast.expr) -> bool:
        """Whether a type makes tensors where it stands: ``map(torch.LongTensor, columns)``."""
        match self._context.edits.parents[node]:
            case ast.Call(func=ast.Name(id="map" | "partial"), args=[first, *_]):
                return first is node
            case ast.Call(func=ast.Attribute(attr="partial"), args=[first, *_]):
                return first is node
        return False

    # unresolved

    def _no_rule(self, node: ast.expr, name: str) -> None:
        if self._helper_has(name):
            return
        if is_method(name) and not self._is_of_class(node) and not self._is_certain(node, name):
            return
        self._context.leave_unknown(node, name)

    def _is_of_class(self, node: ast.expr) -> bool:
        """Whether an attribute is one of a PyTorch class itself, such as a member of an enum."""
        return isinstance(node, ast.Attribute) and self._context.kind(node.value).tag == "torch"

    def _is_lost_attribute(self, node: ast.expr, name: str) -> bool:
        """Whether an attribute of a tensor is read that JAX's arrays lack."""
        if not name.startswith("torch.Tensor.") or not isinstance(node, ast.Attribute):
            return False
        is_given = node.attr in _ARRAY_ATTRIBUTES or node in self._context.edits.expressions
        has_rule = self._rules.choose(name) is not None
        return not is_given and not has_rule and self._context.kind(node.value).tag != "unknown"

    def _is_certain(self, node: ast.expr, name: str) -> bool:
        """Whether a method call surely is of PyTorch's class, and not of one like it."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return False
        owner, _, attr = name.rpartition(".")
        if owner == "torch.nn.Module":
            return attr in attributes_of(owner) - _SHARED_WITH_NNX
        kind = self._context.kind(node.func.value)
        names = self._context.inference.rules.tensor_names
        return kind.tag != "unknown" or says_tensor(attr, names)

    def _helper_has(self, name: str) -> bool:
        """Whether a method or attribute is one of the class that stands for a PyTorch class."""
        owner, _, attr = name.rpartition(".")
        rule = self._context.index.layers.get(owner)
        if rule is None or not isinstance(rule.node, ast.ClassDef):
            return False
        return self._context.index.has_member(rule.module, rule.node, attr)
