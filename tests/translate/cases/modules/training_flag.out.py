from flax import nnx


class Twice(nnx.Module):
    deterministic = False

    def __call__(self, x):
        if self.deterministic:
            return x
        return x * 2 if not self.deterministic else x
