import itertools

import torch
import torch.nn as nn
import torch.nn.functional as F

encoder, decoder = nn.Linear(4, 2), nn.Linear(2, 4)
params = list(encoder.parameters()) + list(decoder.parameters())
optimizer = torch.optim.Adam(params, lr=1e-3)
x = torch.ones(8, 4)
for _ in range(3):
    loss = F.mse_loss(decoder(encoder(x)), x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


class Critics:
    def __init__(self, first, second):
        self.first, self.second = first, second
        self.optimizer = torch.optim.Adam(
            itertools.chain(self.first.parameters(), self.second.parameters()), lr=1e-3
        )

    def update(self, x, y):
        first_loss = F.mse_loss(self.first(x), y)
        second_loss = F.mse_loss(self.second(x), y)
        loss = first_loss + second_loss
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item(), first_loss.item()
