"""Common PyTorch code, and what a JAX engineer writes for it."""

from __future__ import annotations

import ast
import functools

import pytest

from tests.translate.idioms import arrays, classes, functions, networks, training
from tojax.translate import translate

_HEADER = "import math\n\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"
_PARAMETERS = (
    "x: torch.Tensor, y: torch.Tensor, z: torch.Tensor, idx: torch.Tensor, m: torch.Tensor, "
    "w: torch.Tensor, bias: torch.Tensor, b: int, n: int, model: nn.Module, f"
)
PAIRS = {
    before: after
    for module in (arrays, networks)
    for name, table in vars(module).items()
    if name.isupper()
    for before, after in table.items()
}
PROGRAMS = classes.PROGRAMS | training.PROGRAMS | functions.PROGRAMS
LEAST = 150


@functools.cache
def _translated() -> dict[str, str]:
    """PyTorch expression → its translation; all of them in one file."""
    functions = [
        f"\n\ndef f{number}({_PARAMETERS}):\n    return {expression}\n"
        for number, expression in enumerate(PAIRS)
    ]
    translation = translate(_HEADER + "".join(functions))
    returned = {
        node.name: ast.get_source_segment(translation.code, node.body[0].value)
        for node in ast.parse(translation.code).body
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], ast.Return)
        if node.body[0].value is not None
    }
    return {expression: returned.get(f"f{i}") or "" for i, expression in enumerate(PAIRS)}


def test_there_are_enough() -> None:
    assert len(PAIRS) + len(PROGRAMS) >= LEAST


@pytest.mark.parametrize("expression", PAIRS)
def test_reads_as_jax(expression: str) -> None:
    assert _translated()[expression] == PAIRS[expression]


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_read_as_jax(name: str) -> None:
    before, after = PROGRAMS[name]
    translation = translate(_HEADER + before.lstrip("\n"))
    assert not translation.unresolved
    code = "".join(f"{line}\n" for line in translation.code.splitlines() if not _imports(line))
    assert code.strip("\n") == after.strip("\n")


def _imports(line: str) -> bool:
    return line.startswith(("import ", "from "))


def test_nothing_of_pytorch_is_left() -> None:
    translation = translate(
        "import torch\n\n\n"
        "def f(x: torch.Tensor):\n    return torch.relu(x.view(2, -1)).max(1)[0]\n"
    )
    assert translation.code == (
        "import jax\nimport jax.numpy as jnp\n\n\n"
        "def f(x: jax.Array):\n    return jnp.max(jax.nn.relu(x.reshape(2, -1)), axis=1)\n"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("best, _ = x.max(1)", "best = jnp.max(x, axis=1)"),
        ("_, places = torch.max(x, dim=1)", "places = jnp.argmax(x, axis=1)"),
        ("found = x.sort(1); best = found.values", "best = found[0]"),
    ],
)
def test_only_the_result_that_is_used(source: str, expected: str) -> None:
    code = translate(f"import torch\n\n\ndef f(x: torch.Tensor):\n    {source}\n").code
    assert code.rstrip().endswith(expected)
