import torch
from torch import nn
import torch.autograd as autograd


class PINN(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, x, t):
        return self.net(torch.cat([x, t], dim=1))


def residual(model, x, t):
    u = model(x, t)
    u_x = torch.autograd.grad(u, x, grad_outputs=torch.ones_like(u), create_graph=True)[0]
    u_t = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True, retain_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
    return u_t + u * u_x - 0.01 * u_xx


def gradient_penalty(critic, real, fake):
    alpha = torch.rand(real.size(0), 1)
    interpolates = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    scores = critic(interpolates)
    ones = torch.ones(scores.size())
    gradients = autograd.grad(
        outputs=scores,
        inputs=interpolates,
        grad_outputs=ones,
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    gradients = gradients.view(gradients.size(0), -1)
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()


def saliency(model, x):
    x.requires_grad_()
    score = model(x).max()
    (g,) = torch.autograd.grad(score, x)
    return g.abs()


def fit(points, t):
    model = PINN()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    x = points.view(-1, 1).requires_grad_(True)
    for step in range(4):
        optimizer.zero_grad()
        u = model(x, t)
        u_x = torch.autograd.grad(u, x, grad_outputs=torch.ones_like(u), create_graph=True)[0]
        loss = (u_x - u).pow(2).mean()
        loss.backward()
        optimizer.step()


def several(x: torch.Tensor, w: torch.Tensor):
    h = x * w
    print(h.shape)
    y = torch.sin(h).sum()
    gx, gw = torch.autograd.grad(y, (x, w), create_graph=True)
    return gx * gw
