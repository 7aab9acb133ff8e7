# part: user code
class Block(nnx.Module):
    """Its first layer works in place, as in residual networks with activations in front."""

    def __init__(self, width, *, rngs: nnx.Rngs):
        self.body = Sequential(jax.nn.relu, nnx.Linear(width, width, rngs=rngs))

    def __call__(self, x):
        return self.body(x)


class Net(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.block = Block(width, rngs=rngs)
        self.head = nnx.Linear(width, width, rngs=rngs)
        self.layers = Sequential(nnx.Linear(width, width, rngs=rngs), jax.nn.relu)

    def __call__(self, x):
        identity = x
        out = self.block(x)  # TODO(tojax): TJ203 works in place: 'identity' shows the same memory, and is used again
        return out + identity

    def behind(self, x):
        x = self.head(x)
        x = self.block(x)
        return self.head(x)

    def features(self, x):
        found = []
        for layer in self.layers:
            x = layer(x)  # TODO(tojax): TJ203 works in place: 'found' shows the same memory, and is used again
            found.append(x)
        return found


def apply(layer: Block, x: jax.Array):
    y = layer(x)  # TODO(tojax): TJ203 forward changes 'x' in place; let it return the new value, and bind that
    return x + y
