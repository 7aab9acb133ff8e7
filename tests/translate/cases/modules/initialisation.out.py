# part: user code
def start_at_zero(module):
    if isinstance(module, Linear):
        module.bias[...] = jnp.zeros_like(module.bias[...])


class Net(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.fc = Linear(width, 1, rngs=rngs)
        apply(self, start_at_zero)

    def __call__(self, x):
        return self.fc(x)
