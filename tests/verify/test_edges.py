"""Mistakes that only inputs of another size or at the edges show, or state that is not constant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from tests.verify.builders import Pair, function, module
from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Verdict
from tojax.verify.torch_edges import coarse, some_rows
from tojax.verify.torch_sizes import longer, wider


def parameters(names: str, inputs: str, body: str, version: str) -> Pair:
    return (
        f"{TORCH}# tojax: inputs=({inputs},)\ndef f({names}):\n    return {body}\n",
        f"{JAX}def f({names}):\n    return {version}\n",
    )


SCALE, SCALE_JAX = "register_buffer('scale', torch.{}(4))", "self.scale = nnx.Variable(jnp.{}(4))"

NORM = "s = (x * x).sum(1); norm = jnp.where(s > 0, jnp.sqrt(jnp.where(s > 0, s, 1)), 0)"

# Name: PyTorch's version, a wrong one, and the right one.
MISTAKES: dict[str, tuple[Pair, str]] = {
    "the batch's size": (
        function("return x.reshape(x.shape[0], -1)", "return x.reshape(3, -1)", "float32[3, 4, 2]"),
        "return x.reshape(x.shape[0], -1)",
    ),
    "an axis that is gone for a batch of one": (
        function("return x.sum(1, keepdim=True).squeeze(-1)", "return x.sum(1).squeeze()"),
        "return x.sum(1)",
    ),
    "a mean over two arrays": (
        parameters(
            "x, y", "float32[3, 4], float32[3, 4]",
            "F.mse_loss(x, y)", "jnp.sum((x - y) ** 2) / 12",
        ),
        "return jnp.mean((x - y) ** 2)",
    ),
    "a row that an array beside it masks": (
        parameters(
            "x, m", "float32[3, 4], torch.ones(3, 4)", "(x * m).sum(1) / m.sum(1).clamp(min=1)",
            "(x * m).sum(1) / m.sum(1)",
        ),
        "return (x * m).sum(1) / jnp.maximum(m.sum(1), 1)",
    ),
    "a mask of integers": (
        parameters(
            "x, m", "float32[3, 4], torch.ones(3, 4).long()",
            "(x * m).sum(1)", "x.sum(1)",
        ),
        "return (x * m).sum(1)",
    ),
    "types that are all zero": (
        parameters(
            "x, t", "float32[3, 4], torch.zeros(3, 4).long()",
            "x + torch.arange(2.)[t]", "x + 0.0",
        ),
        "return x + t",
    ),
    "a length beside scores that are masked": (
        function(
            "return x.masked_fill(x < 0, -torch.inf)[:, : x.shape[1] - 1]",
            "return jnp.where(x < 0, -jnp.inf, x)[:, :3]",
        ),
        "return jnp.where(x < 0, -jnp.inf, x)[:, :-1]",
    ),
    "a mean over as many as there were": (
        function("return x.sum(0) / x.shape[0]", "return x.sum(0) / 3"),
        "return x.sum(0) / x.shape[0]",
    ),
    "the sequence's length": (
        function("return x * torch.arange(x.shape[1])", "return x * jnp.arange(4)"),
        "return x * jnp.arange(x.shape[1])",
    ),
    "the width of an image": (
        function(
            "return x.sum((2, 3)) / (x.shape[2] * x.shape[3])", "return x.sum((2, 3)) / 16",
            "float32[2, 3, 4, 4]",
        ),
        "return x.mean((2, 3))",
    ),
    "the height in place of the width": (
        function(
            "return x.flatten(2).softmax(-1).view_as(x)",
            "return jax.nn.softmax(x.reshape(*x.shape[:2], -1)).reshape(-1, 3, 4, 4)",
            "float32[2, 3, 4, 4]",
        ),
        "return jax.nn.softmax(x.reshape(*x.shape[:2], -1)).reshape(x.shape)",
    ),
    "the width of two images": (
        parameters(
            "x, y", "float32[2, 3, 4, 4], float32[2, 3, 4, 4]",
            "(x - y).square().mean((2, 3))", "((x - y) ** 2).sum((2, 3)) / 16",
        ),
        "return ((x - y) ** 2).mean((2, 3))",
    ),
    "a width that has to be even": (
        function(
            "return x * F.interpolate(x[..., ::2], scale_factor=2)",
            "return x * jnp.repeat(x[..., ::2], 2, -1)[..., :4]", "float32[2, 3, 4]",
        ),
        "return x * jnp.repeat(x[..., ::2], 2, -1)",
    ),
    "another axis of a square": (
        function("return x.softmax(0).sum()", "return jax.nn.softmax(x, 1).sum()", "float32[4, 4]"),
        "return jax.nn.softmax(x, 0).sum()",
    ),
    "halves rounded up": (
        function("return (x * 2).round()", "return jnp.floor(x * 2 + 0.5)"),
        "return jnp.round(x * 2)",
    ),
    "at the limit itself": (
        function("return (x > 0).float()", "return (x >= 0).astype(float)"),
        "return (x > 0).astype(float)",
    ),
    "no smallest norm": (
        function(
            "return F.normalize(x, dim=1)",
            "return x / jnp.linalg.norm(x, axis=1, keepdims=True)",
        ),
        f"{NORM}\n    return x / jnp.maximum(norm[:, None], 1e-12)",
    ),
    "a gradient that is NaN at zero": (
        function("return torch.linalg.norm(x, dim=1)", "return jnp.linalg.norm(x, axis=1)"),
        f"{NORM}\n    return norm",
    ),
    "NaN in place of numbers": (
        function("return torch.nan_to_num(x, nan=0.5)", "return jnp.nan_to_num(x)"),
        "return jnp.nan_to_num(x, nan=0.5)",
    ),
    "masked throughout": (
        (
            f"{TORCH}# tojax: init=() inputs=(float32[3, 9], bool[3, 9])\nclass Model(nn.Module):\n"
            "    def forward(self, x, m):\n        return x.masked_fill(m, -1e9).softmax(-1)\n",
            f"{JAX}class Model(nnx.Module):\n    def __call__(self, x, m):\n"
            "        return jax.nn.softmax(jnp.where(m, -jnp.inf, x), -1)\n",
        ),
        "return jax.nn.softmax(jnp.where(m, -1e9, x), -1)",
    ),
    "a buffer of ones": (
        module(
            f"self.{SCALE.format('ones')}", "return x * self.scale",
            SCALE_JAX.format("ones"), "return x * 1",
        ),
        "return x * self.scale[...]",
    ),
    "a buffer of zeros": (
        module(
            f"self.{SCALE.format('zeros')}", "return x + self.scale",
            SCALE_JAX.format("zeros"), "return x * 1",
        ),
        "return x + self.scale[...]",
    ),
    "frozen ones": (
        module(
            "self.scale = nn.Parameter(torch.ones(4), requires_grad=False)",
            "return x * self.scale", SCALE_JAX.format("ones"), "return x * 1",
        ),
        "return x * self.scale[...]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_at_the_edge(check: Callable[..., Verdict], name: str) -> None:
    (source, wrong), right = MISTAKES[name]
    verdict = check(source, wrong)
    assert verdict.status == "differs" and verdict.failing_input, verdict
    version = wrong[: wrong.rindex("    return")]
    verdict = check(source, f"{version}    {right}\n")
    assert verdict.status == "verified", verdict


def test_default_that_no_call_uses(check: Callable[..., Verdict]) -> None:
    pair = parameters("x, eps=1e-5", "float32[3], 0.1", "x / (x.abs() + eps)", "x / (abs(x) + eps)")
    assert check(*pair).status == "verified"
    verdict = check(pair[0], pair[1].replace("1e-5", "1e-3"))
    assert verdict.status == "differs" and "default of eps" in verdict.message, verdict


def test_buffers_that_cannot_be_anything(check: Callable[..., Verdict]) -> None:
    pair = module(
        f"self.{SCALE.format('ones')}", "return x * torch.acos(self.scale)",
        SCALE_JAX.format("ones"), "return x * jnp.arccos(self.scale[...])",
    )  # fmt: skip
    verdict = check(*pair)
    assert verdict.status == "verified", verdict


def test_equal_values_may_come_in_any_order(check: Callable[..., Verdict]) -> None:
    verdict = check(*function("return x.argsort(1)", "return jnp.argsort(-x, 1)[:, ::-1]"))
    assert verdict.status == "verified", verdict


def test_what_the_first_inputs_show_is_told_first(check: Callable[..., Verdict]) -> None:
    verdict = check(*function("return x * x.shape[0]", "return x.reshape(3, 4) * 2"))
    assert verdict.status == "differs" and "seed 0" in (verdict.failing_input or ""), verdict


def test_the_size_of_weights_may_be_fixed(check: Callable[..., Verdict]) -> None:
    pair = parameters("x, w", "float32[3, 4], float32[4, 2]", "x @ w", "x @ w.reshape(4, 2)")
    assert check(*pair).status == "verified"


def test_one_row_that_is_spread_over_several_is_no_row(check: Callable[..., Verdict]) -> None:
    body = "y = torch.zeros(3, 4)\n    y.copy_(x)\n    return y * 2"
    verdict = check(*function(body, "return x * 2"))
    assert verdict.status == "verified", verdict


def test_longer_inputs() -> None:
    x, mask, whole = torch.zeros(2, 3, 5), torch.zeros(3, 3), torch.arange(2)
    grown = longer(2, throughout=True)([x, mask, whole, 3])
    assert [tuple(v.shape) for v in grown[:3]] == [(3, 4, 5), (4, 4), (3,)] and grown[3] == 3
    grown = longer(1, throughout=False)({"x": x, "mask": mask})
    assert tuple(grown["x"].shape) == (3, 3, 5) and grown["mask"] is not None


def test_wider_inputs() -> None:
    image, labels, other = torch.zeros(2, 3, 4, 6), torch.zeros(2, 4, 6).long(), torch.zeros(2, 9)
    wide = wider(doubled=False, channels_last=False)([image, labels, other])
    assert [tuple(v.shape) for v in wide] == [(2, 3, 5, 8), (2, 5, 8), (2, 9)]
    (wide,) = wider(doubled=True, channels_last=True)([image])
    assert tuple(wide.shape) == (2, 6, 8, 6)
    (wide,) = wider(doubled=True, channels_last=False)([torch.zeros(2, 3, 1, 6)])
    assert tuple(wide.shape) == (2, 3, 1, 12)  # what is spread along an axis stays so


def test_an_image_that_is_taken_for_several_when_it_is_wider(check: Callable[..., Verdict]) -> None:
    pair = function(
        "return x.reshape(-1, 48) * 2", "return x.reshape(len(x), 48) * 2", "float32[1, 3, 4, 4]"
    )
    verdict = check(*pair)
    assert verdict.status == "verified", verdict


def test_edges_leave_the_rest_alone() -> None:
    x, flags = torch.tensor([0.3, -0.9]), torch.zeros(2, 2, dtype=torch.bool)
    assert coarse([x, flags])[0].tolist() == [0.25, -1.0]
    assert some_rows([x, flags])[1].tolist() == [[True, True], [False, False]]
