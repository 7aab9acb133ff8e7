"""Corrections that the library's own pairs show."""

from __future__ import annotations

import ast

import pytest

from tojax.model.examples import Correction, corrected, corrections
from tojax.model.lint import suspicions
from tojax.rules.bugs import Bug, load_bugs
from tojax.source.names import imported_names

BUGS = load_bugs()
BY_SLUG = {bug.slug: bug for bug in BUGS}
SHOWN = [bug for bug in BUGS if corrections(bug)]


def apply(code: str, *slugs: str, only_unknown: bool = False) -> str:
    bugs = [BY_SLUG[slug] for slug in slugs] or BUGS
    return corrected(code, suspicions(code, bugs), only_unknown=only_unknown)


def test_what_a_pair_shows() -> None:
    assert corrections(BY_SLUG["unbiased-standard-deviation"]) == (
        Correction("jax.numpy.var", "jax.numpy.var", (("ddof", "", "1"),)),
        Correction("jax.numpy.std", "jax.numpy.std", (("ddof", "", "1"),)),
    )
    assert Correction("jax.numpy.cat", "jax.numpy.concatenate") in corrections(
        BY_SLUG["torch-functions-in-jnp"]
    )
    assert corrections(BY_SLUG["detach"]) == ()
    assert len(SHOWN) >= 20


@pytest.mark.parametrize("bug", SHOWN, ids=lambda bug: bug.slug)
def test_the_correction_turns_broken_into_fixed(bug: Bug) -> None:
    found = suspicions(bug.broken_jax, [bug])
    if not found:
        pytest.fail("nothing says where")
    assert _plain(corrected(bug.broken_jax, found)) == _plain(bug.fixed_jax)


def _plain(code: str) -> str:
    """Code without its imports, its keywords sorted, its names as the imports give them."""
    tree = ast.parse(code)
    body = [s for s in tree.body if not isinstance(s, ast.Import | ast.ImportFrom)]
    names = imported_names(s for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords.sort(key=lambda keyword: keyword.arg or "")
        if isinstance(node, ast.Name) and node.id in names:
            node.id = names[node.id]
    return "\n".join(map(ast.unparse, body))


CASES = {
    "keyword": ("jnp.std(x)", "jnp.std(x, ddof=1)"),
    "trailing comma": ("jnp.std(\n    x,\n)", "jnp.std(\n    x,\nddof=1)"),
    "given": ("jnp.std(x, ddof=0)", "jnp.std(x, ddof=0)"),
    "nested": ("jnp.std(jnp.std(x, 0), 1)", "jnp.std(jnp.std(x, 0, ddof=1), 1, ddof=1)"),
    "comment": ("jnp.std(x)  # é, spread", "jnp.std(x, ddof=1)  # é, spread"),
    "another function": ("jnp.mean(x)", "jnp.mean(x)"),
}


@pytest.mark.parametrize("name", CASES)
def test_keywords(name: str) -> None:
    before, after = CASES[name]
    head = "import jax.numpy as jnp\nx = jnp.ones(3)\n"
    assert apply(f"{head}{before}\n", "unbiased-standard-deviation") == f"{head}{after}\n"


def test_names_are_spelled_as_the_file_does() -> None:
    code = "from jax import numpy\n\n\ndef f(x):\n    return numpy.cat([x, numpy.clamp(x, 0, 1)])\n"
    assert apply(code, "torch-functions-in-jnp") == code.replace("cat", "concatenate").replace(
        "clamp", "clip"
    )
    code = "import jax.numpy as jnp\n\n\ndef f(x):\n    return jnp.relu(x)\n"
    assert apply(code, "activations-in-jnp") == "import jax\n" + code.replace(
        "jnp.relu", "jax.nn.relu"
    )


def test_only_names_that_do_not_exist() -> None:
    code = "import jax.numpy as jnp\n\n\ndef f(x):\n    return jnp.cat([x, jnp.std(x)])\n"
    assert apply(code, only_unknown=True) == code.replace("cat", "concatenate")
