# part: user code
class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = Linear(4, 4, rngs=rngs)
        self.norm = LayerNorm(4)

    def __call__(self, x):
        return self.norm(self.fc(x))


def weight_count(model: Net):
    return sum(1 for name, p in named_parameters(model) if name.endswith("weight"))
