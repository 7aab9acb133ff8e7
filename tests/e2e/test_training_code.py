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

BY_METHODS = """
class Base:
    def __init__(self, model):
        self.net = model
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.1)
    def predict(self, x):
        return self.net(x)
    def penalty(self, weight):
        return weight * sum(p.pow(2).sum() for p in self.net.parameters())
class Trainer(Base):
    def compute_loss(self, x, y):
        return F.cross_entropy(self.predict(x), y) + self.penalty(0.01)
    def train_step(self, x, y):
        self.optimizer.zero_grad()
        loss = self.compute_loss(x, y)
        loss.backward()
        self.optimizer.step()
        return loss.item()
    @torch.no_grad()
    def evaluate(self, x, y):
        return self.compute_loss(x, y).item()
def setup():
    torch.manual_seed(0)
    return (Trainer(Net()), [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(4)])
# tojax: inputs=setup()
def train(trainer, data):
    return [(trainer.train_step(x, y), trainer.evaluate(x, y)) for x, y in data]
"""

BY_A_HOLDER = """
class Diffusion:
    def __init__(self, predictor, steps):
        self.predictor = predictor
        self.alpha_bar = torch.cumprod(1 - torch.linspace(1e-3, 0.1, steps), dim=0)
        self.steps = steps
    def noised(self, x, t, noise):
        a = self.alpha_bar[t][:, None]
        return a.sqrt() * x + (1 - a).sqrt() * noise
    def loss(self, x):
        t = torch.randint(0, self.steps, (len(x),))
        noise = torch.randn_like(x)
        return F.mse_loss(self.predictor(self.noised(x, t, noise)), noise[:, :2])
def setup():
    torch.manual_seed(0)
    return Net(), torch.randn(8, 4)
# tojax: inputs=setup()
def train(model, x):
    diffusion = Diffusion(predictor=model, steps=20)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = diffusion.loss(x)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
"""

BY_ITSELF = """
class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 8)
        self.policy = nn.Linear(8, 2)
        self.value = nn.Linear(8, 1)
        self.optimizer = torch.optim.Adam(self.parameters(), lr=0.01)
    def pi(self, x):
        return F.softmax(self.policy(F.relu(self.body(x))), dim=1)
    def v(self, x):
        return self.value(F.relu(self.body(x)))
    def train_net(self, s, a, r, after):
        losses = []
        for _ in range(3):
            target = r + 0.9 * self.v(after)
            delta = target - self.v(s)
            delta = delta.detach().numpy()
            advantages = []
            advantage = 0.0
            for d in delta[::-1]:
                advantage = 0.9 * 0.95 * advantage + d[0]
                advantages.append([advantage])
            advantages.reverse()
            advantage = torch.tensor(advantages, dtype=torch.float)
            chosen = self.pi(s).gather(1, a)
            loss = -torch.log(chosen) * advantage + F.smooth_l1_loss(self.v(s), target.detach())
            self.optimizer.zero_grad()
            loss.mean().backward()
            self.optimizer.step()
            losses.append(loss.mean().item())
        return losses
def setup():
    torch.manual_seed(0)
    s, a = torch.randn(8, 4), torch.randint(0, 2, (8, 1))
    return Agent(), s, a, torch.rand(8, 1), torch.randn(8, 4)
# tojax: inputs=setup()
def train(agent, s, a, r, after):
    return agent.train_net(s, a, r, after)
"""

PENALTIES = """
def setup():
    torch.manual_seed(0)
    model = Net()
    return model, torch.optim.SGD(model.parameters(), lr=0.1), torch.randn(8, 4), torch.rand(8, 2)
# tojax: inputs=setup()
def train(model, optimizer, x, y):
    logs = []
    for step in range(3):
        outputs, parts = [], []
        for rows in x.chunk(2):
            out = model(rows)
            outputs.append(out.detach())
            parts.append(out.pow(2).mean())
        loss = F.mse_loss(model(x), y) + torch.stack(parts).sum()
        l1 = torch.tensor(0.0)
        for p in model.parameters():
            l1 += p.abs().sum()
        for name, p in model.named_parameters():
            if name.endswith("weight"):
                loss = loss + 0.1 * p.norm()
        loss += 0.01 * l1
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        logs.append((loss.item(), l1.item(), torch.cat(outputs).sum().item()))
    return logs
"""

NOISE_IN_THE_LOSS = """
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(2, 1)
    def forward(self, x):
        return self.out(x)
def noisy(x):
    return x + 0.1 * torch.randn_like(x)
def setup():
    torch.manual_seed(0)
    net, critic = Net(), Discriminator()
    return (net, critic, torch.optim.Adam(net.parameters()), torch.optim.Adam(critic.parameters()))
# tojax: inputs=setup()
def train(net, critic, net_optimizer, critic_optimizer):
    logs = []
    for step in range(3):
        fake = net(noisy(torch.rand(8, 4)))
        critic_loss = critic(fake.detach()).mean() - critic(torch.rand(8, 2)).mean()
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        net_loss = -critic(noisy(fake)).mean()
        net_optimizer.zero_grad()
        net_loss.backward()
        net_optimizer.step()
        logs.append((critic_loss.item(), net_loss.item()))
    return logs
"""

ACTOR_BEFORE_CRITIC = """
class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = nn.Linear(4, 2)
        self.log_std = nn.Linear(4, 2)
    def forward(self, x):
        distribution = torch.distributions.Normal(self.mean(x), self.log_std(x).clamp(-5, 2).exp())
        drawn = distribution.rsample()
        action = torch.tanh(drawn)
        log_prob = distribution.log_prob(drawn) - torch.log(1 - action.pow(2) + 1e-6)
        return action, log_prob.sum(1, keepdim=True)
class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(6, 1)
    def forward(self, x, a):
        return self.q(torch.cat([x, a], 1))
def setup():
    torch.manual_seed(0)
    actor, critic = Actor(), Critic()
    optimizers = torch.optim.Adam(actor.parameters(), 0.01), torch.optim.Adam(critic.parameters())
    return (actor, critic, *optimizers, torch.randn(8, 4), torch.randn(8, 2), torch.rand(8, 1))
# tojax: inputs=setup()
def train(actor, critic, actor_optimizer, critic_optimizer, x, a, target):
    logs = []
    for _ in range(3):
        actions, log_prob = actor(x)
        log_prob = log_prob.reshape(-1, 1)
        critic_loss = F.mse_loss(critic(x, a), target - 0.1 * log_prob.detach())
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        actor_loss = (0.2 * log_prob - critic(x, actions)).mean()
        actor_optimizer.zero_grad()
        actor_loss.backward()
        actor_optimizer.step()
        logs.append((critic_loss.item(), actor_loss.item(), log_prob.mean().item()))
    return logs
"""

CLOSURES = """
class Fitting:
    def __init__(self, model, x, y):
        self.model, self.x, self.y = model, x, y
        self.evaluations = 0
        self.optimizer = torch.optim.LBFGS(
            self.model.parameters(), lr=0.8, line_search_fn="strong_wolfe"
        )
    def loss(self):
        self.optimizer.zero_grad()
        loss = F.mse_loss(self.model(self.x), self.y)
        loss.backward()
        self.evaluations += 1
        return loss
    def fit(self):
        self.optimizer.step(self.loss)
        return self.evaluations
def setup():
    torch.manual_seed(0)
    return Net(), torch.randn(8, 4), torch.randn(8, 2)
# tojax: inputs=setup()
def train(model, x, y):
    logs = []
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4)
    for _ in range(3):
        def closure():
            optimizer.zero_grad()
            loss = F.mse_loss(model(x), y)
            loss.backward()
            return loss
        logs.append(0.0)
        logs[-1] = optimizer.step(closure)
    rate = torch.optim.SGD(model.parameters(), lr=0.1)
    def closure():
        rate.zero_grad()
        loss = model(x).abs().mean()
        loss.backward()
        return loss
    rate.step(closure)
    return logs, Fitting(model, x, y).fit()
"""

GRADIENTS_GIVEN = """
class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 1)
    def forward(self, x):
        return self.out(x)
def setup():
    torch.manual_seed(0)
    return Critic(), Net(), Net(), torch.randn(8, 4), torch.randn(8, 4)
# tojax: inputs=setup()
def train(critic, first, second, real, fake):
    logs = []
    optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
    both = torch.optim.SGD(list(first.parameters()) + list(second.parameters()), lr=0.1)
    one = torch.tensor(1.0)
    mone = one * -1
    for _ in range(2):
        critic.zero_grad()
        loss_real = critic(real).mean()
        loss_real.backward(one)
        loss_fake = critic(fake).pow(2).mean()
        loss_fake.backward(mone)
        optimizer.step()
        optimizer.zero_grad()
        out = critic(real)
        out.backward(gradient=out.detach().abs())
        optimizer.step()
        h = first(real)
        loss_1 = h.mean()
        loss_2 = (second(fake) * h).mean()
        both.zero_grad()
        loss_1.backward(retain_graph=True)
        loss_2.backward()
        both.step()
        logs.append((loss_real.item(), loss_fake.item(), loss_1.item(), loss_2.item()))
    return logs
"""

ARRAYS = """
def setup():
    torch.manual_seed(0)
    return Net(), torch.rand(8, 4), torch.randint(0, 2, (8,))
def attacked(model, images, labels, eps=0.3, alpha=0.05):
    original = images.data
    for _ in range(3):
        images.requires_grad = True
        loss = F.cross_entropy(model(images), labels)
        model.zero_grad()
        loss.backward()
        changed = images + alpha * images.grad.sign()
        change = torch.clamp(changed - original, min=-eps, max=eps)
        images = torch.clamp(original + change, min=0, max=1).detach_()
    return images
def fitted(x, y):
    w = torch.zeros(4, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for step in range(4):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        if step == 1:  # gradients of two steps add up
            continue
        with torch.no_grad():
            w -= 0.1 * w.grad
        b.data -= 0.1 * b.grad.data
        w.grad.zero_()
        b.grad = None
        losses.append(loss.item())
    return losses, w.detach(), b.detach()
# tojax: inputs=setup()
def train(model, x, y):
    logs = []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = x.clone().requires_grad_()
    for _ in range(2):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        logs.append((loss.item(), x.grad.abs().sum().item()))
        x.grad.zero_()
    return logs, attacked(model, x.detach(), y), fitted(x.detach(), y.float())
"""

GROUPS = """
class Agent:
    def __init__(self, policy):
        self.policy = policy
        self.optimizer = torch.optim.Adam([
            {"params": self.policy.backbone.parameters(), "lr": 0.01},
            {"params": self.policy.head.parameters(), "lr": 0.03},
        ])
    def update(self, x):
        loss = -self.policy(x).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()
def setup():
    torch.manual_seed(0)
    return Agent(Net()), Net(), Net(), torch.randn(8, 4)
# tojax: inputs=setup()
def train(agent, first, second, x):
    optimizer = torch.optim.SGD(
        [{"params": first.parameters()}, {"params": second.parameters(), "lr": 0.1}], lr=0.01
    )
    logs = []
    for _ in range(3):
        loss = (first(x) * second(x)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        logs.append((loss.item(), agent.update(x)))
    return logs
"""

GRADIENTS_CHANGED = """
def setup():
    torch.manual_seed(0)
    return Net(), Net(), torch.randn(8, 4), torch.randint(0, 2, (8,))
def clamped(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    for param in model.parameters():
        param.grad.data.clamp_(-0.02, 0.02)
    optimizer.step()
    return loss.item()
def by_hand(model, x, y, rounds):
    losses = []
    for step in range(rounds):
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        if step % 2 == 0:
            continue  # gradients of two rounds add up
        with torch.no_grad():
            for p in model.parameters():
                p.grad.mul_(0.5)
                p -= 0.1 * p.grad
                p.grad.zero_()
        losses.append(loss.item())
    return losses
# tojax: inputs=setup()
def train(model, other, x, y):
    logs = []
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(4):
        for p in model.parameters():
            p.grad = None
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        with torch.no_grad():
            for name, p in model.named_parameters():
                if p.grad is None:
                    continue
                p.grad *= 2
                p.grad.data /= step + 3
                p.grad = p.grad * 3 - 0.01
                if p.requires_grad and p.grad is not None:
                    p.grad.clamp_(-0.1, 0.1).add_(0.01)
                    p.grad[p.grad.abs() < 0.01] = 0.0
        optimizer.step()
        logs.append((loss.item(), clamped(model, optimizer, x, y)))
    return logs, by_hand(other, x, y, 6)
"""

CASES = {
    "gradients that are changed": GRADIENTS_CHANGED,
    "groups of parameters": GROUPS,
    "gradients of arrays": ARRAYS,
    "gradients given to backward": GRADIENTS_GIVEN,
    "steps with closures": CLOSURES,
    "an actor before its critic's step": ACTOR_BEFORE_CRITIC,
    "methods that use the module": BY_METHODS,
    "an object that holds the module": BY_A_HOLDER,
    "a module that trains itself": BY_ITSELF,
    "penalties on parameters": PENALTIES,
    "noise in the loss": NOISE_IN_THE_LOSS,
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
