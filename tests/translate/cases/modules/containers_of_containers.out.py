import jax
import jax.numpy as jnp
from flax import nnx


# tojax: init=() inputs=(float32[3, 4],)
class Detect(nnx.Module):
    def __init__(self, n: int = 2, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.n = n
        self.grid = nnx.data([jnp.zeros(1)] * n)
        self.last = nnx.data([None] * n)
        self.sizes = [4] * n
        self.stacks = nnx.data([])
        self.towers = nnx.data([])
        for i in range(n):
            self.stacks.append(self.create_stack(i))
            tower = []
            for j in range(2):
                layer = nnx.Linear(4, 4, rngs=rngs)
                setattr(self, f"tower{i}_{j}", layer)
                tower.append(layer)
            self.towers += [tower]

    def create_stack(self, i: int):
        layers = []
        for j in range(2):
            layers.append(nnx.Linear(4, 4, rngs=self.rngs))
            setattr(self, f"stack{i}_{j}", layers[-1])
        return layers

    def __call__(self, x):
        out = []
        for i in range(self.n):
            if self.grid[i].shape != x.shape:
                self.grid[i] = jnp.ones_like(x)
            y = x
            for layer in self.stacks[i]:
                y = jnp.tanh(layer(y))
            for layer in self.towers[i]:
                y = layer(y)
            self.last[i] = jax.lax.stop_gradient(y)
            out.append((y + self.last[i] + self.grid[i]) / self.sizes[i])
        return jnp.concatenate(out, axis=1)
