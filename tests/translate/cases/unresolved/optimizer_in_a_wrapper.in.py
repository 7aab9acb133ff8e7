import torch


class Warmup:
    def __init__(self, optimizer, factor):
        self.optimizer = optimizer
        self.factor = factor
        self.count = 0

    def step(self):
        self.count += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.factor * self.count
        self.optimizer.step()


def warm(model):
    return Warmup(torch.optim.Adam(model.parameters(), lr=0, betas=(0.9, 0.98)), 0.1)
