"""Specialises rules, and the rule functions that they call in turn."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Definition, RuleModule
from tojax.source.kinds import Kind
from tojax.translate.specialise.array_properties import Made
from tojax.translate.specialise.binding import Argument, bind
from tojax.translate.specialise.frame import Frame
from tojax.translate.specialise.readability import check_length, check_single_use, once_only
from tojax.translate.specialise.refusals import NotReducible
from tojax.translate.specialise.result import Result
from tojax.translate.specialise.statements import returned

_MAX_DEPTH = 6


class Specialiser:
    """Specialises the rules of one call.

    Args:
        index: the rule library.
        kind_of: kind of an argument.
        made: what an original call becomes, if that is one expression.
        depth: how many rules are being specialised for whose sake this one is.
    """

    def __init__(
        self,
        index: RuleIndex,
        kind_of: Callable[[ast.expr], Kind],
        made: Made,
        depth: int = 0,
    ) -> None:
        self._index = index
        self._kind_of = kind_of
        self._made = made
        self._depth = depth

    def specialise(
        self,
        module: RuleModule,
        function: ast.FunctionDef,
        bound: dict[str, Argument],
        item: int | None = None,
    ) -> Result:
        """The expression that a rule function reduces to for these arguments.

        ``item``: only this one of the several results is wanted.

        Raises:
            NotReducible: it needs statements, would evaluate an argument twice, or reads badly.
            Unsupported: it raises NotImplementedError for them.
        """
        frame = Frame(self._index, self._kind_of, self._inlined, self._made, module, bound)
        expression = returned(frame, function.body)
        if expression is None:
            raise NotReducible("no return")
        if item is not None:
            if not isinstance(expression, ast.Tuple):
                raise NotReducible("the results are not separate")
            expression = expression.elts[item]
            frame.forget_all_but(expression)
        arguments = [argument.node for argument in bound.values()]
        check_single_use(expression, once_only(function, bound) + frame.locals)
        check_length(expression, arguments)
        frame.forget_unused_keys(expression)
        return Result(expression, frame.imports, frame.helpers, frame.rngs)

    def _inlined(
        self,
        module: RuleModule,
        target: Definition,
        call: ast.Call,
        kind_of: Callable[[ast.expr], Kind],
    ) -> Result | None:
        """A call from one rule of another function of the library, if that reduces too."""
        if isinstance(target, ast.ClassDef) or self._depth >= _MAX_DEPTH:
            return None
        inner = Specialiser(self._index, kind_of, self._made, self._depth + 1)
        positional = [Argument(argument, kind_of(argument)) for argument in call.args]
        keywords = {k.arg or "": Argument(k.value, kind_of(k.value)) for k in call.keywords}
        try:
            return inner.specialise(module, target, bind(target.args, positional, keywords))
        except NotReducible:
            return None
