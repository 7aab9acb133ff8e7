import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    def __init__(self, depth: int = 2, *, rngs: nnx.Rngs):
        self.a = nnx.Linear(4, 4, rngs=rngs)
        self.w = nnx.Param(jnp.ones(4))
        self.pair = nnx.List([self.a, self.a])
        self.layers = nnx.List()
        for i in range(depth):
            layer = nnx.Linear(4, 4, rngs=rngs)
            setattr(self, f"layer{i}", layer)
            self.layers.append(layer)
        self.named = nnx.Dict({
            "a": self.a,  # the first
        })
        self.weights = nnx.List([self.w])
        self.sizes = [1, 2]
        self.names = []
        self.names.append("x")

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x) * self.weights[0]
        return self.named["a"](x)
