import torch
from torch import nn


class Queue(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("items", torch.zeros(8, 2))
        self.register_buffer("place", torch.zeros(1, dtype=torch.long))

    def forward(self, x):
        place = int(self.place)
        self.items[place : place + len(x)] = x
        self.place[0] = (place + len(x)) % len(self.items)
        return self.items.sum()


def step(agent, buffer):
    agent.train(buffer)


def evaluate(model, is_training, x):
    model.train(is_training)
    return model(x)
