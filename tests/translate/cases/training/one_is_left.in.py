import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 1)

    def forward(self, x):
        return self.fc(x)

    def configure_optimizers(self, lr):
        return torch.optim.AdamW(self.parameters(), lr=lr)


first, second = Net(), Net()
x = torch.ones(3, 2)
opt = first.configure_optimizers(0.1)
for _ in range(2):
    loss = first(x).pow(2).mean()
    loss.backward()
    opt.step()
    opt.zero_grad()

other = second.configure_optimizers(0.1)
out = second(x)
mean, total = out.mean(), out.sum()
mean.backward(retain_graph=True)
value = mean.item()
total.backward()
other.step()
