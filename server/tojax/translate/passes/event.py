"""One thing that happens to gradients."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


@dataclass
class Event:
    """One thing that happens to gradients: they are gathered, reset, clipped, applied.

    The kinds are ``backward``, ``call``, of a function that returns gradients, ``zero``, ``clip``,
    ``step``, ``closure``, a step with a function that returns gradients, ``loop``, over parameters
    whose gradients are read, and ``change``, a loop that does nothing but change them. ``model`` is
    the text of the module whose gradients they are, ``others`` those of more that one ``backward``
    is for; ``earlier`` are the ``backward()`` just before it, which it stands for too. ``arrays``
    are those of the models that are arrays, each with the places that ask for its gradient.
    ``optimizer`` is the text of the one that a step or a reset is of; a reset that ``is_inside`` is
    done by a function that is called.
    """

    kind: str
    node: ast.Call | ast.Assign
    statement: ast.stmt
    model: str
    others: tuple[str, ...] = ()
    earlier: tuple[ast.Call, ...] = ()
    arrays: dict[str, list[ast.Attribute]] = field(default_factory=dict)
    optimizer: str = ""
    is_inside: bool = False

    @property
    def call(self) -> ast.Call:
        """The call that the event is; only ``zero`` may be an assignment."""
        assert isinstance(self.node, ast.Call)
        return self.node

    @property
    def models(self) -> tuple[str, ...]:
        """All modules whose gradients come out of it."""
        return (self.model, *self.others)

    @property
    def gathers(self) -> bool:
        """Whether gradients come out of it."""
        return self.kind in ("backward", "call")

    @property
    def applies(self) -> bool:
        """Whether gradients are used up by it."""
        return self.kind in ("step", "loop", "closure")
