from flax import nnx


class Net(nnx.Module):
    """Keeps what it was made with."""

    def __init__(self, width, depth=2, *, rngs: nnx.Rngs, **options):
        self.made_with = {key: None if value is self else value for key, value in locals().items() if key != "rngs"}
        self.made_with.pop("self")
        self.made_with.pop("__class__", None)
        self.layers = nnx.List([nnx.Linear(width, width, rngs=rngs) for _ in range(depth)])


def count():
    size = 3
    return len(locals()), size
