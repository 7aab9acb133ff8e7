"""What runs under ``no_grad`` gives no gradient to the code around it."""

from __future__ import annotations

import pytest

from tojax.nouns import Rung
from tojax.translate import translate
from tojax.verify import verify

AGENT = """
import torch
from torch import nn


def teach(x: torch.Tensor, flag: bool):
    if flag:
        return x * 2
    with torch.no_grad():
        return torch.tanh(x) * 3


# tojax: init=() inputs=(float32[4, 3],)
class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 3)

    {decorator}
    def target(self, x):
        return self.net(x).max(1)[0]

    def loss(self, x):
        with torch.no_grad():
            y = self.net(x + 1)
        return (self.net(x) * y).sum()

    def forward(self, x):
        value = self.net(x)
        error = ((value[:, 0] - self.target(x)) ** 2).mean()
        return error + self.loss(x) + teach(value, False).sum() + teach(value, True).sum()
"""


@pytest.mark.slow
@pytest.mark.parametrize("decorator", ["@torch.no_grad()", "@torch.inference_mode()", ""])
def test_gradients_are_pytorchs(decorator: str) -> None:
    source = AGENT.replace("{decorator}", decorator)
    translation = translate(source)
    assert translation.unresolved == ()
    assert ("stop_gradient(self.target(x))" in translation.code) is bool(decorator)
    verdict = verify(source, translation.code)
    assert verdict.status == "verified", verdict.message
    assert verdict.rung is Rung.TRAINING
