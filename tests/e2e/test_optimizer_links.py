"""Which module an optimizer updates, and when its gradients are reset: equal to PyTorch."""

from __future__ import annotations

import pytest

from tojax.nouns import Rung
from tojax.translate import translate
from tojax.verify import verify

_HEAD = """
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, size=2):
        super().__init__()
        self.out = nn.Linear(4, size)

    def forward(self, x):
        return self.out(x)

"""

PLACED = """
class Trainer:
    def __init__(self, model, device="cpu"):
        self.model = model.to(device)
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    def fit(self, data):
        losses = []
        for x, y in data:
            self.optimizer.zero_grad()
            loss = ((self.model(x) - y) ** 2).mean()
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            losses.append(loss.item())
        return losses
def setup():
    torch.manual_seed(0)
    return (Trainer(Net()), [(torch.randn(8, 4), torch.randn(8, 2)) for _ in range(5)])
# tojax: inputs=setup()
def train(trainer, data):
    return trainer.fit(data)
"""

RESET_IN_A_METHOD = """
class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    def reset(self):
        self.optimizer.zero_grad()
    def fit(self, data):
        losses = []
        for x, y in data:
            self.reset()
            for part, target in zip(x.chunk(2), y.chunk(2)):
                loss = ((self.model(part) - target) ** 2).mean()
                loss.backward()
                losses.append(loss.item())
            self.optimizer.step()
        return losses
def setup():
    torch.manual_seed(0)
    return (Trainer(Net()), [(torch.randn(8, 4), torch.randn(8, 2)) for _ in range(5)])
# tojax: inputs=setup()
def train(trainer, data):
    return trainer.fit(data)
"""

TWO_OF_ONE_NAME = """
def setup():
    torch.manual_seed(0)
    return Net(4), Net(4), Net(4), torch.randn(8, 4), torch.randn(8, 4)
# tojax: inputs=setup()
def train(net, first, second, x, y):
    losses = []
    opt = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(3):
        loss = (net(x) - y).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    params = list(first.parameters()) + list(second.parameters())
    opt = torch.optim.Adam(params, lr=0.02)
    for _ in range(3):
        opt.zero_grad()
        loss = (second(first(x)) - y).pow(2).mean()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
"""

RESET_IN_A_LOOP = """
def setup():
    torch.manual_seed(0)
    model = Net()
    return model, torch.optim.SGD(model.parameters(), lr=0.1), torch.randn(8, 4)
# tojax: inputs=setup()
def train(model, opt, x):
    losses = []
    for _ in range(3):
        for part in x.chunk(2):
            loss = model(part).pow(2).mean()
            loss.backward()
            losses.append(loss.item())
        opt.step()
        for p in model.parameters():
            if p.grad is not None:
                p.grad.zero_()
    return losses
"""

CASES = {
    "a reset in a loop": RESET_IN_A_LOOP,
    "two optimizers of one name": TWO_OF_ONE_NAME,
    "a module placed on its device": PLACED,
    "a reset in a method": RESET_IN_A_METHOD,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_training_is_verified(name: str) -> None:
    source = _HEAD + CASES[name]
    translation = translate(source)
    assert translation.unresolved == ()
    verdict = verify(source, translation.code)
    assert verdict.status == "verified", verdict.message
    assert {part.rung for part in verdict.parts or (verdict,)} == {Rung.TRAINING}
