"""The edit from a draft to its repair, by hand."""

from __future__ import annotations

import pytest

from tojax.bench.fixcost import FixCost, fix_cost

DRAFT = "import jax\n\n\ndef f(x):\n    y = jax.nn.relu(x)\n    return y.sum(1)\n"


@pytest.mark.parametrize(
    ("repair", "cost"),
    [
        (DRAFT, FixCost()),
        (DRAFT.replace("\n\n\n", "\n\n# text\n\n").replace("(x)\n", "( x )  # text\n"), FixCost()),
        (DRAFT.replace("relu", "gelu"), FixCost(replaced=1, lines=2)),
        (DRAFT.replace("import jax\n", "import jax\nimport optax\n"), FixCost(inserted=1, lines=1)),
        (DRAFT.replace("    y = jax.nn.relu(x)\n", ""), FixCost(deleted=1, lines=1)),
        (
            DRAFT.replace("import jax", "import jax as j").replace("sum(1)", "sum(0)"),
            FixCost(replaced=2, lines=4),
        ),
    ],
)
def test_places_and_lines(repair: str, cost: FixCost) -> None:
    assert fix_cost(DRAFT, repair) == cost
    assert cost.places == cost.replaced + cost.inserted + cost.deleted


def test_how_deep_a_line_is_counts() -> None:
    before = "for x in y:\n    a = 1\nb = 2\n"
    assert fix_cost(before, before.replace("\nb", "\n    b")).places > 0


def test_what_is_no_python_is_compared_by_line() -> None:
    assert fix_cost("def f(:\n  x = (\n", "def f(:\n  x = )\n") == FixCost(replaced=1, lines=2)
    assert fix_cost("", DRAFT) == FixCost(inserted=1, lines=4)
