import functools
import time


def measured(f):
    import torch

    @functools.wraps(f)
    def wrapper(model, x):
        start = time.time()
        model.load_state_dict({})
        return torch.relu(f(model, x)), time.time() - start

    return wrapper
