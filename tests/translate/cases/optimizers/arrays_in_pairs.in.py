import numpy as np
import torch

x = np.linspace(-1, 1, 12)
print(x.mean())
w, b = torch.randn(1, 1, requires_grad=True), \
       torch.zeros(1, requires_grad=True)
x = torch.full((2, 1), 0.5, requires_grad=True)
optimizer = torch.optim.SGD([w, b, x], lr=0.1)
for step in range(5):
    loss = (x @ w + b - 3).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def bound_again_later(steps):
    a = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([a], lr=0.1)
    for _ in range(steps):
        a = a * 2
    return optimizer
