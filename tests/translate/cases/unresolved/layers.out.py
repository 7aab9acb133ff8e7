from flax import nnx


class Net(nnx.Module):
    def __init__(self):
        from torch import nn  # TODO(tojax): TJ200 still needed by what is unresolved
        self.layer = nn.Frobnicator(3)  # TODO(tojax): TJ201 no rule for torch.nn.Frobnicator

    def __call__(self, x):
        return self.layer(x)
