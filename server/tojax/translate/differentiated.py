"""Functions made of a block's statements to be differentiated, and the keys that they draw from.

JAX traces such a function, and Flax refuses to count draws of a stream from outside of the trace:
the function is given a stream of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from types import EllipsisType

from tojax.source.trees import walk
from tojax.translate.edits import Edits
from tojax.translate.passes.dataflow import text_of


@dataclass(eq=False)
class Differentiated:
    """A made function and the calls that run it; ``modules`` are what it is given, by text outside.

    ``streams`` are the keys that it got, by their text outside. Without calls (`nnx.vjp` makes a
    cotangent for every argument) a key is the default of a parameter.
    """

    function: ast.FunctionDef
    calls: list[ast.Call]
    modules: tuple[str, ...]
    streams: dict[str, str] = field(default_factory=dict)

    def is_given(self, text: str) -> bool:
        """Whether what ``text`` stands for outside comes in through a parameter."""
        return any(f"{text}.".startswith(f"{module}.") for module in self.modules)

    def stream(self, source: str) -> str:
        """The name, inside the function, of keys that are ``source`` outside."""
        if source not in self.streams:
            taken = self.streams.values()
            last = source.rpartition(".")[2]
            name = last if last not in taken else f"{last}_{len(taken) + 1}"
            self.streams[source] = name
            self._give(source, name)
        return self.streams[source]

    def _give(self, source: str, name: str) -> None:
        arguments = self.function.args
        if self.calls:
            arguments.args.append(ast.arg(name))
            for call in self.calls:
                call.args.append(_expression(f"{source}.fork()"))
        else:
            arguments.args.append(ast.arg(f"{name}_key"))
            arguments.defaults.append(_expression(f"{source}()"))
            made = ast.Assign([ast.Name(name, ast.Store())], _expression(f"nnx.Rngs({name}_key)"))
            self.function.body.insert(0, made)


def rename(edits: Edits, node: ast.AST, text: str, name: str) -> None:
    """Write ``name`` for what is ``text`` outside; the value of a parameter goes on being read."""
    for part in walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and text_of(part) == text:
            match edits.expressions.get(part):
                case ast.Subscript(slice=ast.Constant(value=EllipsisType())):
                    edits.replace(part, _expression(f"{name}[...]"))
                case _:
                    edits.replace(part, ast.Name(name, ast.Load()))


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
