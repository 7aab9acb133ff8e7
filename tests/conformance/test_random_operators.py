"""Random operators of PyTorch, through the translator: the same distributions.

Each expression is translated as source, and both sides are drawn from. Shapes, kinds of dtype,
supports, means, variances and distributions are compared; all seeds are fixed.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

_LISTED: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "known_failures.toml").read_text(encoding="utf-8")
)
RANDOM, UNDRAWN = _LISTED["random"], _LISTED["undrawn"]
# Only some samples draw; `test_operators.py` checks the others.
PARTLY = [
    "nn.functional.scaled_dot_product_attention",
    "nn.functional.multi_head_attention_forward",
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*sorted(RANDOM.keys() - UNDRAWN.keys()), *PARTLY])
def test_operators_are_distributed_alike(name: str) -> None:
    from tests.conformance.operators import operators
    from tests.conformance.random_operators import expressions

    for expression, tensors in expressions(operators()[name]):
        _compare(expression, expression, tensors)


def _compare(expression: str, translated: str, tensors: list[Any]) -> None:
    from tests.conformance import random_operators

    random_operators.assert_same_distribution(
        random_operators.pytorch(expression, tensors),
        random_operators.translated(translated, tensors),
        tensors,
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_random_operator_is_checked_or_listed() -> None:
    from tests.conformance.operators import operators
    from tests.conformance.random_operators import is_random

    drawing = {name for name, op in operators().items() if is_random(op)}
    assert drawing <= RANDOM.keys() | set(PARTLY)
    assert UNDRAWN.keys() <= RANDOM.keys()
    assert RANDOM.keys() - UNDRAWN.keys() <= drawing


# Results whose elements depend on each other: x0 is normal, x1 positive.
JOINT = [
    "torch.randperm(5)",
    "torch.multinomial(x1, 3)",
    "torch.multinomial(x1, 1)",
    "torch.multinomial(x1, 4, replacement=True)",
    "x1.multinomial(2)",
    "F.dropout1d(x0, 0.4)",
    "F.dropout2d(x0[None], 0.4)",
    "F.alpha_dropout(x0, 0.4, training=True)",
    "F.feature_alpha_dropout(x0[None], 0.4, training=True)",
    "F.gumbel_softmax(x0, tau=0.7)",
    "F.gumbel_softmax(x0, hard=True)",
    "nn.Dropout(0.4)(x0)",
    "nn.Dropout2d(0.4)(x0[None])",
    "nn.AlphaDropout(0.4)(x0)",
    "nn.FeatureAlphaDropout(0.4)(x0[None])",
    "nn.RReLU()(x0)",
    "nn.init.orthogonal_(torch.empty(3, 4))",
    "nn.init.orthogonal_(torch.empty(4, 3), gain=2.0)",
    "nn.init.sparse_(torch.empty(4, 5), 0.4)",
    "torch.distributions.Dirichlet(x1).sample()",
    "torch.distributions.OneHotCategorical(x1).sample()",
]


@pytest.mark.slow
@pytest.mark.parametrize("expression", JOINT)
def test_joint_distributions(expression: str) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    x0 = torch.randn(2, 3, 4, generator=generator)
    x1 = torch.rand(2, 5, generator=generator) + 0.1
    _compare(expression, expression, [x0, x1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "other"),
    [
        ("F.dropout(x0, 0.4)", "F.dropout(x0, 0.5)"),
        ("F.dropout(x0, 0.4)", "F.dropout2d(x0, 0.4)"),
        (
            "torch.multinomial(x0[0, :, 0], 3)",
            "torch.multinomial(x0[0, :, 0], 3, replacement=True)",
        ),
        ("torch.randn_like(x0)", "1.3 * torch.randn_like(x0)"),
        ("torch.randint(0, 9, (2,))", "torch.randint(0, 10, (2,))"),
    ],
)
def test_other_distributions_are_told_apart(expression: str, other: str) -> None:
    import torch

    x0 = torch.ones(2, 3, 4)
    with pytest.raises(AssertionError, match="quantiles"):
        _compare(expression, other, [x0])


_ANY = (-math.inf, math.inf)
_POSITIVE = (0.0, math.inf)
# Expression → support. The elements of a result are independent and distributed alike.
INDEPENDENT = {
    "torch.rand(200, 200)": (0, 1),
    "torch.randn(200, 200)": _ANY,
    "torch.randint(-2, 3, (40000,))": (-2, 2),
    "torch.randint(7, (200, 200))": (0, 6),
    "torch.rand_like(x0)": (0, 1),
    "torch.randn_like(x0)": _ANY,
    "torch.randint_like(x0, 2, 5)": (2, 4),
    "torch.normal(2.0, 3.0, (40000,))": _ANY,
    "torch.normal(x0, 0.5)": _ANY,
    "torch.normal(0.0, x0)": _ANY,
    "torch.bernoulli(x0 * 0.3)": (0, 1),
    "torch.poisson(x0 * 3)": _POSITIVE,
    "torch.poisson(x0 * 30)": _POSITIVE,
    "torch.binomial(x0 * 10, x0 * 0.3)": (0, 10),
    "torch.multinomial(torch.tensor([1.0, 0.0, 3.0]), 40000, replacement=True)": (0, 2),
    "x0.clone().uniform_()": (0, 1),
    "x0.clone().uniform_(-1, 5)": (-1, 5),
    "x0.clone().normal_(1, 0.02)": _ANY,
    "x0.clone().exponential_()": _POSITIVE,
    "x0.clone().exponential_(2.0)": _POSITIVE,
    "x0.clone().cauchy_(1, 2)": _ANY,
    "x0.clone().geometric_(0.3)": (1, math.inf),
    "x0.clone().log_normal_()": _POSITIVE,
    "x0.clone().log_normal_(0, 0.25)": _POSITIVE,
    "x0.clone().random_(2, 9)": (2, 8),
    "x0.clone().random_(5)": (0, 4),
    "x0.clone().bernoulli_(0.3)": (0, 1),
    "torch.empty(200, 200).uniform_(-1, 5)": (-1, 5),
    "torch.zeros(200, 200).normal_(1, 0.02)": _ANY,
    "x0.new_empty((200, 200)).bernoulli_(0.3)": (0, 1),
    "torch.rand(200, 200, generator=torch.Generator().manual_seed(3))": (0, 1),
    "F.dropout(x0, 0.3)": (0, 1 / 0.7),
    "F.alpha_dropout(x0, 0.3, training=True)": _ANY,
    "F.rrelu(-x0, training=True)": (-1 / 3, -1 / 8),
    "F.rrelu(-x0, 0.1, 0.9, training=True)": (-0.9, -0.1),
    "nn.init.uniform_(torch.empty(200, 200), -2.0, 1.0)": (-2, 1),
    "nn.init.normal_(torch.empty(200, 200), 1.0, 0.5)": _ANY,
    "nn.init.trunc_normal_(torch.empty(200, 200), std=0.02)": (-2, 2),
    "nn.init.trunc_normal_(torch.empty(200, 200), 0.5, 1.0, -1.0, 1.0)": (-1, 1),
    "nn.init.xavier_uniform_(torch.empty(100, 400))": (-0.11, 0.11),
    "nn.init.xavier_normal_(torch.empty(100, 400), gain=2.0)": _ANY,
    "nn.init.kaiming_uniform_(torch.empty(100, 400), a=5**0.5)": (-0.05, 0.05),
    "nn.init.kaiming_uniform_(torch.empty(20, 200, 10))": (-0.055, 0.055),
    "nn.init.kaiming_normal_(torch.empty(400, 100), mode='fan_out', nonlinearity='relu')": _ANY,
    "torch.distributions.Normal(x0, x0 * 2).sample()": _ANY,
    "torch.distributions.Gamma(x0 * 3, x0 * 2).sample()": _POSITIVE,
    "torch.distributions.Beta(x0 * 3, x0 * 2).sample()": (0, 1),
    "torch.distributions.Laplace(x0, x0 * 2).sample()": _ANY,
    "torch.distributions.Categorical(logits=torch.tensor([0.0, 2.0])).sample((40000,))": (0, 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("expression", INDEPENDENT)
def test_independent_elements(expression: str) -> None:
    import torch
    from flax import nnx

    from tests.conformance import random_operators
    from tests.conformance.compare import like, to_jax, to_numpy

    x0 = torch.ones(200, 200)
    torch.manual_seed(0)
    drawn = random_operators.pytorch(expression, [x0])(x0)
    function = random_operators.translated(expression, [x0])
    actual = like(drawn, function(to_jax(x0), rngs=nnx.Rngs(0)))
    ours, theirs = (to_numpy(x).ravel().astype(np.float64) for x in (actual, drawn))
    low, high = INDEPENDENT[expression]
    for values in (ours, theirs):
        assert values.min() >= low - 1e-6 and values.max() <= high + 1e-6
    random_operators.assert_alike(ours, theirs)
    if "cauchy" not in expression:  # it has no mean
        random_operators.assert_same_moments(ours, theirs)
