from flax import nnx


def exists(x):
    return x is not None


class Disc(nnx.Module):
    def __init__(self, n, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(n, n, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


class Codec(nnx.Module):
    def __init__(self, disc: nnx.Module | None = None, n=3, *, rngs: nnx.Rngs):
        self.disc = nnx.data(disc)

        if not exists(self.disc):
            self.disc = Disc(n, rngs=rngs)

    def __call__(self, x):
        return self.disc(x)
