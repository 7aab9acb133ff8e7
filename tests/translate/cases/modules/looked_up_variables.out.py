# part: user code
# tojax: init=() inputs=(float32[3, 4],)
class Net(nnx.Module):
    def __init__(self, n: int = 2, *, rngs: nnx.Rngs):
        self.n = n
        self.fc_0 = nnx.Linear(4, 4, rngs=rngs)
        for i in range(n):
            setattr(self, f"anchor_{i}", nnx.Variable(jax.random.normal(rngs(), 4)))
            setattr(self, "mean_%d" % i, nnx.Variable(jnp.zeros(4)))
            setattr(self, f"act_{i}", PReLU())
            name = "gain_" + str(i)
            setattr(self, name, nnx.Param(jnp.ones(4)))

    def __call__(self, x):
        for i in range(self.n):
            x = x + jnp.tanh(getattr(self, f"anchor_{i}")[...])
            x = getattr(self, f"act_{i}")(x)
            gain = getattr(self, "gain_{}".format(i))[...]
            x = x * jax.nn.sigmoid(gain) + gain
            getattr(self, f"mean_{i}")[...] = getattr(self, f"mean_{i}")[...] * 0.9
            mean = getattr(self, f"mean_{i}")
            mean[...] += jnp.mean(jax.lax.stop_gradient(x), axis=0)
        anchors = jnp.stack([getattr(self, f"anchor_{i}")[...] for i in range(self.n)])
        x = x + jnp.mean(anchors, axis=0) * getattr(self, "anchor_" + str(0)).shape[0]
        if getattr(self, f"bias_{self.n}", None) is None:
            x = getattr(self, f"fc_{0}")(x)
        return x


class Moving(Net):
    def __call__(self, x):
        setattr(self, f"anchor_{0}", value_of(getattr(self, f"anchor_{0}")) + 1)
        return x * jnp.tanh(value_of(getattr(self, f"anchor_{1}")))
