import os

os.environ["XLA_FLAGS"] = "--xla_cpu_use_thunk_runtime=false"
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import torch


def drop(x, dim):
    return torch.squeeze(x, dim)


print(drop(torch.from_numpy(np.zeros((2, 1))), 1).shape)
