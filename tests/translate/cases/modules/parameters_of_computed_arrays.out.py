import jax
import jax.numpy as jnp
from flax import nnx


# tojax: init=(4,) inputs=(float32[3, 4],)
class Net(nnx.Module):
    def __init__(self, n: int, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.fc = nnx.Linear(4, 4, rngs=rngs)
        self.w = nnx.Param(jnp.ones(n) * 2)

    def reset(self, n: int):
        scale = jnp.full((n,), 0.5)
        self.w = nnx.Param(jax.random.normal(self.rngs(), n) * jnp.sqrt(scale) / n)

    def grow(self):
        self.w = nnx.Param(jnp.concatenate([self.w[...], self.w[...]]))

    def __call__(self, x):
        y = self.fc(x)
        k = nnx.Param(jax.lax.stop_gradient(jnp.outer(jnp.mean(y, axis=0), jnp.mean(y, axis=0))))
        z = nnx.Param(jax.lax.stop_gradient(y))
        s = nnx.Param(jax.lax.stop_gradient(y))
        return y @ k[...].T + z[...] + s[...] * self.w[...]
