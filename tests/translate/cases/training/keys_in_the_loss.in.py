import torch
from torch import nn


def noisy(x):
    return x + torch.randn_like(x)


class Noise:
    def __init__(self, scale):
        self.scale = scale

    def draw(self, x):
        return self.scale * torch.randn_like(x)

    def added(self, x):
        return x + self.draw(x)


def by_the_generator(generator, critic, optimizer_generator, n):
    for _ in range(n):
        loss = -critic(generator(torch.randn(16, 8))).mean()
        optimizer_generator.zero_grad()
        loss.backward()
        optimizer_generator.step()


def before_another_step(generator, critic, optimizer_generator, optimizer_critic):
    fake = generator(torch.randn(16, 8))
    loss_critic = critic(noisy(fake.detach())).mean()
    optimizer_critic.zero_grad()
    loss_critic.backward()
    optimizer_critic.step()
    loss = -critic(fake).mean()
    optimizer_generator.zero_grad()
    loss.backward()
    optimizer_generator.step()


def of_an_object(model, optimizer, x):
    noise = Noise(0.1)
    loss = model(noise.added(x)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def drawn_before(model, optimizer, x):
    noise = torch.randn_like(x)
    loss = model(x + noise).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
