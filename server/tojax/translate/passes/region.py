"""A loss, and the statements that it takes to compute it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Backward:
    """One ``loss.backward()``: where it stands, the loss, and the modules to differentiate.

    ``earlier`` are those just before it that it stands for too, ``arrays`` those of the models
    that are arrays.
    """

    node: ast.Call
    statement: ast.stmt
    loss: ast.expr
    models: tuple[str, ...]
    earlier: tuple[ast.Call, ...] = ()
    arrays: tuple[str, ...] = ()


@dataclass
class Region:
    """A backward's statements by where they go.

    ``inside`` the function to differentiate, ``after`` it (they use results, but the loss does not
    use them), ``early``: inside, but before an update of another module, so that the derivative is
    taken in two stages through the variables ``crossing``, with the modules ``read_early`` besides
    those that are differentiated. ``barrier`` is that update; the first stage ``is_put_off`` until
    there, if its place is another region's. ``modules`` and ``given`` are what else the function
    has to be given: other modules, and values that it rebinds. ``branch``: the ``if`` around the
    backward, where they stand before it; they are for its other branch too.
    """

    backward: Backward
    inside: list[ast.stmt]
    after: list[ast.stmt]
    results: list[str]
    modules: list[str]
    given: list[str] = field(default_factory=list)
    early: list[ast.stmt] = field(default_factory=list)
    crossing: list[str] = field(default_factory=list)
    read_early: list[str] = field(default_factory=list)
    barrier: ast.stmt | None = None
    is_put_off: bool = False
    branch: ast.If | None = None
