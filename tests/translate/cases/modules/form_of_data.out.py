import jax
from flax import nnx


# tojax: init=() inputs=(float32[3, 4],)
class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.c = nnx.Linear(4, 4, rngs=rngs)
        self.v = None
        w = nnx.Param(jax.random.normal(rngs(), 4))
        self.w = w
        self.u = nnx.Param(jax.lax.stop_gradient(w[...]) + 1)

    def __call__(self, x):
        n = x.shape[0] + x.ndim + self.w[...].shape[0]
        h, w = x.shape
        return self.c(x) * self.w[...] * self.u[...] / n + h * w * jax.lax.stop_gradient(x)
