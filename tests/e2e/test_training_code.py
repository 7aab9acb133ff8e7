"""Training code as people write it: translated completely, and equal to PyTorch step by step."""

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
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8))
        self.head = nn.Linear(8, 2)
        self.offset = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return self.head(self.backbone(x)) + self.offset

"""

FROZEN = """
def setup():
    torch.manual_seed(0)
    model = Net()
    for p in model.backbone.parameters():
        p.requires_grad = False
    model.backbone[0].requires_grad_(True)
    model.offset.requires_grad_(False)
    optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-2)
    return model, optimizer, torch.randn(8, 4), torch.randint(0, 2, (8,))


# tojax: inputs=setup()
def train(model, optimizer, x, y):
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, sum(p.numel() for p in model.parameters() if p.requires_grad)
"""

SCALED = """
def setup():
    torch.manual_seed(0)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    return model, optimizer, torch.randn(8, 4), torch.randint(0, 2, (8,))


# tojax: inputs=setup()
def train(model, optimizer, x, y):
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    losses = []
    for _ in range(5):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", enabled=False):
            loss = F.cross_entropy(model(x), y, label_smoothing=0.1)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss.item())
    return losses
"""

FOLLOWED = """
def setup():
    torch.manual_seed(0)
    model, target = Net(), Net()
    target.load_state_dict(model.state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, amsgrad=True)
    return model, target, optimizer, torch.randn(8, 4)


# tojax: inputs=setup()
def train(model, target, optimizer, x, tau=0.1):
    losses = []
    for _ in range(4):
        with torch.no_grad():
            wanted = target(x).max(1, keepdim=True).values
        loss = F.smooth_l1_loss(model(x), wanted.expand(8, 2))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.1)
        optimizer.step()
        for old, new in zip(target.parameters(), model.parameters()):
            old.data.copy_(tau * new.data + (1.0 - tau) * old.data)
        losses.append(loss.item())
    return losses
"""

ONE_CYCLE = """
def compute_loss(model, batch, smoothing=0.1):
    x, y = batch
    out = model(x)
    ce = F.cross_entropy(out, y, label_smoothing=smoothing)
    accuracy = (out.argmax(1) == y).float().mean().item()
    return ce + out.mean() ** 2, {"ce": ce.item(), "acc": accuracy}
def setup():
    torch.manual_seed(0)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    sched = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.05, total_steps=6)
    data = [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(4)]
    return model, optimizer, sched, data
# tojax: inputs=setup()
def train(model, optimizer, sched, data):
    logs = []
    for batch in data:
        loss, log = compute_loss(model, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        sched.step()
        logs.append((loss.item(), log["ce"], log["acc"], optimizer.param_groups[0]["lr"]))
    return logs
"""

TRAINER = """
class Trainer:
    def __init__(self, model, lr=0.1):
        self.model = model
        self.criterion = nn.CrossEntropyLoss()
        parameters = self.model.parameters()
        self.optimizer = torch.optim.SGD(parameters, lr=lr, momentum=0.9, weight_decay=1e-3)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, step_size=2, gamma=0.5)
        self.history = []
    def train_step(self, x, y):
        self.model.train()
        self.optimizer.zero_grad()
        out = self.model(x)
        loss = self.criterion(out, y) + 0.1 * out.pow(2).mean()
        loss.backward()
        self.optimizer.step()
        self.scheduler.step()
        return loss.item()
    def fit(self, data):
        for x, y in data:
            self.history.append(self.train_step(x, y))
        return self.history
def setup():
    torch.manual_seed(0)
    return (Trainer(Net()), [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(5)])
# tojax: inputs=setup()
def train(trainer, data):
    return trainer.fit(data)
"""

CASES = {
    "frozen parameters": FROZEN,
    "gradient scaler": SCALED,
    "target network": FOLLOWED,
    "one-cycle schedule": ONE_CYCLE,
    "trainer class": TRAINER,
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
