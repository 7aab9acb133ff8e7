"""What there is to verify in a source text: its targets, found without running it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tojax.verify.directives import read_directives

GET_INPUTS = "get_inputs"
GET_INIT_INPUTS = "get_init_inputs"

HOW_TO_ADD_INPUTS = (
    "nothing to run it with: add get_inputs() (and get_init_inputs()) beside the code, or a "
    "comment such as `# tojax: init=(64, 4) inputs=(float32[2, 16, 64],)` above a class or function"
)


@dataclass(frozen=True)
class Target:
    """One class or function to run; ``init`` and ``inputs`` are expressions of the file's own.

    An empty ``name`` stands for "whatever ``get_inputs()`` fits", which running the file tells.
    """

    name: str
    init: str | None = None
    inputs: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain data, for the workers."""
        return asdict(self)


def find_targets(source: str) -> list[Target]:
    """The targets of a PyTorch source, in order of appearance.

    Raises:
        SyntaxError: the source is not Python.
        DirectiveError: a directive cannot be read.
    """
    tree = ast.parse(source)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    shared_inputs = f"{GET_INPUTS}()" if GET_INPUTS in functions else None
    shared_init = f"{GET_INIT_INPUTS}()" if GET_INIT_INPUTS in functions else None
    targets = []
    for directive in read_directives(source, tree):
        inputs = directive.inputs or shared_inputs
        if inputs is not None:
            init = directive.init
            if init is None and directive.inputs is None:
                init = shared_init
            targets.append(Target(directive.name, init, inputs))
    if shared_inputs is not None:
        name = "Model" if "Model" in classes else ""
        named = {target.name for target in targets}
        if name not in named and not (not name and named):
            targets.append(Target(name, shared_init, shared_inputs))
    return targets


def choose_targets(
    modules: Sequence[tuple[str, bool]], functions: Sequence[tuple[str, bool]]
) -> list[str]:
    """What a nameless target stands for, once the file has run.

    Args:
        modules: name of each PyTorch module class in order, and whether the inputs fit it.
        functions: the same for the other functions.

    Returns:
        The last class that fits, else every function that fits.
    """
    fitting = [name for name, fits in modules if fits]
    return fitting[-1:] or [name for name, fits in functions if fits]
