from flax import nnx


class Model(nnx.Module):
    deterministic = False

    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(2, 2, rngs=rngs)
        del self.training  # TODO(tojax): TJ201 NNX keeps the mode in every layer of its own; there is no flag to delete

    def __call__(self, x):
        return self.fc(x)
