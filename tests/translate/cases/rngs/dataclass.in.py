from dataclasses import dataclass

from torch import nn


@dataclass
class Bundle:
    size: int
    rate: float = 0.5

    def model(self):
        return nn.Linear(self.size, self.size)


SMALL = Bundle(4)


def build():
    return Bundle(size=8).model()
