import numpy as np
import torch


def table(n: int) -> torch.Tensor:
    counts = np.zeros(n, dtype=np.float32)
    counts[0] = 1
    counts[1:] += 2
    counts[counts > 1] = 0
    seen = {}
    seen["a"] = 3
    total = [0] * n
    total[0] += seen["a"]
    return torch.from_numpy(counts)
