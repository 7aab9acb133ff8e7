"""Functions made of a block's statements to be differentiated, and the keys that they draw from.

JAX traces such a function, and Flax refuses to count draws of a stream from outside of the trace:
the function is given a stream of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


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


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
