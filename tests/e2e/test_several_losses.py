"""Losses of several modules whose statements are mixed: translated, and equal to PyTorch."""

from __future__ import annotations

import pytest

from tojax.nouns import Rung
from tojax.translate import translate
from tojax.verify import verify

_HEAD = """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, size=1):
        super().__init__()
        self.out = nn.Linear(4, size)

    def forward(self, x):
        return self.out(x)

"""

ONE_CALL_FOR_BOTH = """
class Agent:
    def __init__(self):
        self.actor, self.critic = Net(2), Net()
        self.actor_opt = torch.optim.SGD(self.actor.parameters(), lr=0.1)
        self.critic_opt = torch.optim.SGD(self.critic.parameters(), lr=0.2)
    def evaluate(self, s):
        return self.actor(s).log_softmax(-1), self.critic(s)
    def update(self, s, r):
        log_probs, values = self.evaluate(s)
        advantage = r - values
        actor_loss = -(log_probs[:, :1] * advantage.detach()).mean()
        critic_loss = advantage.pow(2).mean()
        self.actor_opt.zero_grad()
        actor_loss.backward()
        self.actor_opt.step()
        self.critic_opt.zero_grad()
        critic_loss.backward()
        self.critic_opt.step()
        return actor_loss.item(), critic_loss.item()
class InOneStatement(Agent):
    def update(self, s, r):
        log_probs, values = self.actor(s).log_softmax(-1), self.critic(s)
        actor_loss = -(log_probs[:, :1] * r).mean()
        self.actor_opt.zero_grad()
        actor_loss.backward()
        self.actor_opt.step()
        critic_loss = F.mse_loss(values, r)
        self.critic_opt.zero_grad()
        critic_loss.backward()
        self.critic_opt.step()
        return actor_loss.item(), critic_loss.item()
def setup():
    torch.manual_seed(0)
    return Agent(), InOneStatement(), torch.randn(8, 4), torch.randn(8, 1)
# tojax: inputs=setup()
def train(first, second, s, r):
    return [(first.update(s, r), second.update(s, r)) for _ in range(3)]
"""

WAITING_FOR_ANOTHER_STEP = """
def setup():
    torch.manual_seed(0)
    first, second = Net(), Net()
    return first, second, torch.randn(8, 4), torch.randn(8, 1)
# tojax: inputs=setup()
def train(first, second, x, target):
    temperature = torch.ones(1, requires_grad=True)
    opt = torch.optim.SGD([temperature], lr=0.1)
    first_opt = torch.optim.SGD(first.parameters(), lr=0.1)
    second_opt = torch.optim.SGD(second.parameters(), lr=0.1)
    logs = []
    for _ in range(3):
        one = first(x)
        two = second(x)
        low = torch.min(one.detach(), two.detach())
        opt.zero_grad()
        scale = (temperature.exp() * low).mean()
        scale.backward()
        opt.step()
        wanted = target + temperature.detach() * low
        first_loss = F.mse_loss(one, wanted)
        second_loss = F.mse_loss(two, wanted)
        first_opt.zero_grad()
        first_loss.backward()
        first_opt.step()
        second_opt.zero_grad()
        second_loss.backward()
        second_opt.step()
        logs.append((scale.item(), first_loss.item(), second_loss.item()))
    return logs
"""

NAMES_BOUND_AGAIN = """
def setup():
    torch.manual_seed(0)
    return Net(4), Net(), torch.randn(8, 4), torch.randn(8, 4)
# tojax: inputs=setup()
def train(generator, critic, noise, real):
    generator_opt = torch.optim.Adam(generator.parameters(), lr=0.01)
    critic_opt = torch.optim.Adam(critic.parameters(), lr=0.01)
    logs = []
    for epoch in range(2):
        for _ in range(2):
            z = noise + epoch
            fake = generator(z).detach()
            critic_loss = critic(fake).mean() - critic(real).mean()
            critic_opt.zero_grad()
            critic_loss.backward()
            critic_opt.step()
        z = noise * 2
        fake = generator(z)
        generator_loss = -critic(fake).mean()
        generator_opt.zero_grad()
        generator_loss.backward()
        generator_opt.step()
        logs.append((critic_loss.item(), generator_loss.item()))
    return logs
"""

CASES = {
    "one call for both": ONE_CALL_FOR_BOTH,
    "waiting for another step": WAITING_FOR_ANOTHER_STEP,
    "names bound again": NAMES_BOUND_AGAIN,
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
