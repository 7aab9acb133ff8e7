"""The rules' translation with a model's version of what they left open."""

from __future__ import annotations

import ast
import itertools

from tojax.model.merge import merged, origins
from tojax.translate import translate

SOURCE = '''"""A file."""
from __future__ import annotations
import torch
import torch.nn as nn

SIZE = 3

class Kept(nn.Module):
    def forward(self, x):
        return torch.relu(x)  # a comment

# about the next
class Open(nn.Module):
    def forward(self, x):
        return torch.no_such_function(x)


def last(x):
    return torch.tanh(x)
'''
RULES = translate(SOURCE).code
DRAFT = '''"""Another text."""
from __future__ import annotations
import jax
import jax.numpy as jnp
from flax import nnx

SIZE = 4
EPSILON = 1e-5

def helper(x):
    return x + EPSILON

class Kept(nnx.Module):
    def __call__(self, x):
        return jnp.maximum(x, 0)

class Open(nnx.Module):
    def __call__(self, x):
        return helper(x)

def last(x):
    return x
'''


def test_only_what_was_left_open_is_the_models() -> None:
    assert "# TODO(tojax)" in RULES and "import torch" in RULES
    code = merged(DRAFT, RULES)
    assert (
        code
        == '''"""A file."""
from __future__ import annotations
import jax
import jax.numpy as jnp
from flax import nnx

SIZE = 3

class Kept(nnx.Module):
    def __call__(self, x):
        return jax.nn.relu(x)  # a comment

# about the next
EPSILON = 1e-5


def helper(x):
    return x + EPSILON


class Open(nnx.Module):
    def __call__(self, x):
        return helper(x)


def last(x):
    return jnp.tanh(x)
'''
    )


def test_the_origin_of_every_line() -> None:
    code = merged(DRAFT, RULES)
    found = origins(code, RULES)
    assert found[0].start == 0 and found[-1].end == len(code.splitlines())
    assert all(a.end == b.start and a.by != b.by for a, b in itertools.pairwise(found))
    lines = code.splitlines()
    by_model = [line for o in found if o.by == "model" for line in lines[o.start : o.end] if line]
    assert by_model == [
        "EPSILON = 1e-5",
        "def helper(x):",
        "    return x + EPSILON",
        "        return helper(x)",
    ]


def test_a_draft_that_lacks_what_was_left_open_stands_as_it_is() -> None:
    draft = DRAFT.replace("class Open", "class Other")
    assert merged(draft, RULES) == draft


def test_statements_that_were_left_open_leave_the_file_to_the_draft() -> None:
    rules = translate(SOURCE + "\nvalue = torch.no_such_function(SIZE)\n").code
    assert merged(DRAFT, rules) == DRAFT


def test_merging_what_is_complete_changes_nothing() -> None:
    rules = translate(SOURCE.replace("torch.no_such_function", "torch.sigmoid")).code
    assert merged(DRAFT, rules) == rules
    assert [o.by for o in origins(rules, rules)] == ["rules"]


def test_decorators_and_one_line_definitions_go_with_it() -> None:
    source = "import torch\n\n@torch.no_grad()\ndef f(x): return torch.no_such_function(x)\n"
    rules = translate(source).code
    draft = "import functools\nimport jax\n\n@functools.cache\n@jax.jit\ndef f(x): return x\n"
    code = merged(draft, rules)
    tree = ast.parse(code)
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(function.decorator_list) == 2 and "torch" not in code
