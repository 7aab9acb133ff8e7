# part: user code
class Unit(nnx.Module):
    def __init__(self, width, *, rngs: nnx.Rngs):
        self.relu = jax.nn.relu
        self.body = nnx.Sequential(jax.nn.elu, nnx.Linear(width, width, rngs=rngs))
        self.fc = nnx.Linear(width, width, rngs=rngs)

    def __call__(self, x):
        out = x = self.relu(x)
        x = x + self.fc(out)
        x = self.relu(x)
        return self.fc(x := self.relu(x)) + x

    def rebound(self, x):
        y = self.relu(x)
        x = self.fc(y)
        return self.relu(x)

    def kept(self, x):
        same = x
        x = self.relu(x)  # TODO(tojax): TJ203 works in place: 'same' shows the same memory, and is used again
        return x + same

    def operand(self, x):
        x = jax.nn.relu(x)
        return x + self.relu(x)

    def sequence(self, x):
        y = self.body(x)  # TODO(tojax): TJ203 works in place: its first layer changes 'x' in place, which is used again
        return x * y

    def alone(self, x):
        x = self.relu(x)
        return x
