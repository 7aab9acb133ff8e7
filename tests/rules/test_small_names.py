"""rules/api: names that say how code is run or written, rather than computing anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from einops.layers import torch as einops_torch
from rules.api import compilers, einops_layers, nn_utils_sizes
from torch.nn.modules import utils

from tests.rules.compare import to_jax
from tojax.translate import translate

X = torch.arange(48.0).reshape(2, 4, 6)


@pytest.mark.parametrize("given", [3, (1, 2), [4, 5]])
@pytest.mark.parametrize("name", ["single", "pair", "triple", "quadruple"])
def test_sizes(name: str, given: Any) -> None:
    assert getattr(nn_utils_sizes, name)(given) == getattr(utils, f"_{name}")(given)


def test_einops_layers() -> None:
    pattern = "b (h p) w -> b h (p w)"
    expected = einops_torch.Rearrange(pattern, p=2)(X)
    np.testing.assert_array_equal(einops_layers.rearranging(pattern, p=2)(to_jax(X)), expected)
    reduced = einops_torch.Reduce("b h w -> b w", "mean")(X)
    np.testing.assert_allclose(
        einops_layers.reducing("b h w -> b w", "mean")(to_jax(X)), reduced, rtol=1e-6
    )


def test_a_failed_check_says_what_the_author_wrote() -> None:
    compilers.check(True, "fine")
    with pytest.raises(AssertionError, match="an empty batch"):
        compilers.check(False, "an empty batch")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("torch.is_grad_enabled()", "True"),
        ("torch.is_inference_mode_enabled()", "False"),
        ("torch.jit.annotate(int, 3)", "3"),
        ("torch.jit.script(run)", "run"),
        ("torch.onnx.is_in_onnx_export()", "False"),
    ],
)
def test_translated(expression: str, expected: str) -> None:
    source = f"import torch\n\n\ndef run():\n    value = {expression}\n    return value\n"
    translation = translate(source)
    assert not translation.unresolved
    assert f"    value = {expected}\n" in translation.code
