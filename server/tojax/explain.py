"""The page of a rule or of a fixed bug, as Markdown: `tojax explain` and the hover show it."""

from __future__ import annotations

import ast
import difflib
import re

from tojax.rules.bugs import explain_bug
from tojax.rules.index import RuleIndex, rule_index
from tojax.rules.modules import Rule, RuleModule
from tojax.translate import translate

# What the marks in a translation mean, and what to do.
_MARKS = {
    "TJ200": "A PyTorch import stays, because something marked further down still needs it.",
    "TJ201": "There is no rule for this part of PyTorch. Write its JAX form by hand, or add a "
    "rule: one function in `rules/api/` (see CONTRIBUTING.md).",
    "TJ202": "There is a rule, but not for these arguments; the mark says which. Often the "
    "argument can be left out, or the call be written in two steps.",
    "TJ203": "PyTorch changes an array here that something else holds too: a view, an argument, "
    "an element of a list. JAX arrays do not change. Return the new value, and assign it where "
    "the array is kept.",
    "TJ204": "It is not clear what is differentiated or updated here. Name the module: compute "
    "the loss in a function of it, `loss, grads = nnx.value_and_grad(loss_fn)(model)`, then "
    "`optimizer.update(model, grads)`.",
    "TJ205": "This comes from a package that is built on PyTorch, or from a file that was not "
    "translated with this one. Translate that too (`tojax migrate` takes a whole folder), or "
    "replace it.",
    "TJ206": "A model wrote this version, and it was not shown to agree with PyTorch, or the model "
    "says that something is missing. Read it before you use it; `tojax verify` compares the two.",
}
_BUG_CODE = re.compile(r"[A-Za-z]{2,}\d{3,}")
_TENSOR_METHOD = "torch.Tensor."
_CUSTOMARY = {"F": "torch.nn.functional"}


def explain(subject: str) -> str:
    """The page of a bug or mark (``TJ101``) or of a PyTorch name (``torch.sum``, ``nn.Linear``).

    A name may leave out its first parts where the rest says which one it is.

    Raises:
        LookupError: there is no such page; the text says what is close.
    """
    if subject.upper() in _MARKS:
        return f"# {subject.upper()}\n\n{_MARKS[subject.upper()]}\n"
    if _BUG_CODE.fullmatch(subject):
        return explain_bug(subject)
    index = rule_index()
    name = _written_out(subject)
    advice = "" if name in index else index.advice(name)
    if advice:
        return f"# {name}\n\nThere is no rule for this. What to do: {advice}.\n"
    name = _full_name(name, index.names())
    rule, value = index.rule(name), index.value(name)
    if rule is not None:
        return _rule_page(name, rule, index)
    assert value is not None  # every name of the index has one or the other
    return _value_page(name, *value)


def _written_out(subject: str) -> str:
    first, dot, rest = subject.partition(".")
    return _CUSTOMARY.get(first, first) + dot + rest


def _full_name(subject: str, names: set[str]) -> str:
    if subject in names:
        return subject
    candidates = sorted(name for name in names if name.endswith(f".{subject}"))
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise LookupError(f"'{subject}' may mean {', '.join(candidates)}")
    close = difflib.get_close_matches(subject, names, n=3)
    hint = f"; close names: {', '.join(close)}" if close else ""
    raise LookupError(f"there is no rule for '{subject}'{hint}")


def _value_page(name: str, value: ast.expr, module: RuleModule) -> str:
    return f"# {name}\n\n`{name}` becomes `{ast.unparse(value)}`. Rule module: `{module.name}`.\n"


def _rule_page(name: str, rule: Rule, index: RuleIndex) -> str:
    parts = [f"# {name}"]
    text = ast.get_docstring(rule.node)
    if text:
        parts.append(text)
    others = [f"`{other}`" for other in rule.names if other != name]
    if others:
        parts.append(f"The same rule stands for {', '.join(others)}.")
    example = _example(name, rule, index)
    if example:
        parts.append(f"## Example\n\n```python\n{example}\n```")
    parts.append(f"## Rule (`{rule.module.name}`)\n\n```python\n{rule_source(rule)}\n```")
    return "\n\n".join(parts) + "\n"


def rule_source(rule: Rule) -> str:
    """The rule itself, with its decorators."""
    lines = rule.module.source.splitlines()
    first = min(d.lineno for d in rule.node.decorator_list)
    return "\n".join(lines[first - 1 : rule.node.end_lineno])


def _example(name: str, rule: Rule, index: RuleIndex) -> str:
    """A call with the required arguments, and what it becomes; nothing where that is unresolved."""
    signature = index.signature(rule)
    positional = [*signature.posonlyargs, *signature.args]
    required = positional[: len(positional) - len(signature.defaults)]
    if name.startswith(_TENSOR_METHOD) and required:
        call = f"{required[0].arg}.{name.removeprefix(_TENSOR_METHOD)}"
        given = required[1:]
    else:
        call, given = name, required
    if name not in index.properties:
        arguments = [argument.arg for argument in given]
        if signature.vararg is not None:
            arguments += ["2", "3"]
        call += f"({', '.join(arguments)})"
    parameters = ", ".join(_parameter(argument, required[0]) for argument in required)
    source = f"import torch\n\n\ndef example({parameters}):\n    return {call}\n"
    translation = translate(source)
    if translation.unresolved:
        return ""
    result = _returned(ast.parse(translation.code))
    return f"{call}\n# becomes\n{result}" if result else ""


def _parameter(argument: ast.arg, first: ast.arg) -> str:
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    is_tensor = annotation == "Array" or (not annotation and argument is first)
    return f"{argument.arg}: torch.Tensor" if is_tensor else argument.arg


def _returned(tree: ast.Module) -> str:
    """What ``example`` returns."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "example":
            last = node.body[-1]
            if isinstance(last, ast.Return) and last.value is not None:
                return ast.unparse(last.value)
    return ""
