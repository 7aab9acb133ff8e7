# part: user code
class Linear(_Linear):
    def __call__(self, x):
        return super().__call__(x) + 1


class Module(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.fc = Linear(width, width, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)
