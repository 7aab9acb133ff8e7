import torch


class Walker:
    def __init__(self):
        self.place = 0

    def step(self):
        self.place += 1

    def zero_grad(self):
        self.place = 0


def walk(walker: Walker) -> torch.Tensor:
    walker.zero_grad()
    walker.step()
    return torch.zeros(walker.place)
