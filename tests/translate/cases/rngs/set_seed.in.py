import random

import torch


def set_seed(seed: int) -> None:
    random.seed(seed)
    torch.manual_seed(seed)


def main(seed: int = 0) -> None:
    set_seed(seed)
    print(random.random(), torch.rand(2, 2))
