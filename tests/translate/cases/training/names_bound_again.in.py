import torch
from torch import nn, optim


def train(generator: nn.Module, critic: nn.Module, real: torch.Tensor, steps):
    generator_optimizer = optim.Adam(generator.parameters())
    critic_optimizer = optim.Adam(critic.parameters())
    for _ in range(steps):
        for _ in range(2):
            z = torch.ones(4, 2)
            fake = generator(z).detach()
            critic_loss = critic(fake).mean() - critic(real).mean()
            critic_optimizer.zero_grad()
            critic_loss.backward()
            critic_optimizer.step()
        z = torch.zeros(4, 2)
        fake = generator(z)
        generator_loss = -critic(fake).mean()
        generator_optimizer.zero_grad()
        generator_loss.backward()
        generator_optimizer.step()
