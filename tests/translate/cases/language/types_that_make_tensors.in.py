import numpy as np
from functools import partial

import torch
from torch.autograd import Variable


def make(rows, pairs):
    ids, labels = map(torch.LongTensor, zip(*rows))
    x, y = map(Variable, pairs)
    scores = partial(torch.FloatTensor)
    return ids, labels, x, y, scores([1.5]), isinstance(ids, torch.LongTensor)


def of_comparisons(n, x, env):
    done = np.random.rand(n) < 0.1
    rewards, ended = env.step(x)
    return torch.Tensor(done), torch.Tensor(ended > 0), torch.Tensor(rewards)
