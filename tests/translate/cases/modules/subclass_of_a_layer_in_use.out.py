from flax import nnx


class Block(nnx.Module):
    """A block."""

    scale: float = 2.0

    def __init__(self, width: int, *, bias: bool = True, rngs: nnx.Rngs) -> None:
        self.fc = nnx.Linear(width, width, use_bias=bias, rngs=rngs)

    def extra_repr(self) -> str:
        return f"scale={self.scale}"

    def __call__(self, x):
        return self.scale * self.fc(x)
