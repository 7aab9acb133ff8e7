import torch
from torch import nn, optim

a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
print(b.grad)
y = a * b
y.backward()
print(a.grad, b.grad)

model = nn.Linear(3, 1)
optimizer = optim.SGD(model.parameters(), lr=0.1)
loss = model(torch.ones(2, 3)).mean()
loss.backward()
optimizer.step()
