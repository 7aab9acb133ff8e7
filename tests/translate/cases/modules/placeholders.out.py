# part: user code
class T(nnx.Module):
    def __init__(self, i, o, norm_layer=None, *, rngs: nnx.Rngs):
        self.extra: Optional[nnx.Module] = nnx.data(None)
        self.norm = nnx.data(None)
        if norm_layer is not None:
            self.norm = norm_layer(o, rngs=rngs)
        self.project = nnx.Sequential(jax.nn.identity)
        if i != o:
            self.project = nnx.Sequential(Conv2d(i, o, 1, rngs=rngs), BatchNorm(o))
    def __call__(self, x):
        x = self.project(x)
        return x if self.norm is None else self.norm(x)
class N(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.a, self.b = T(3, 3, norm_layer=InstanceNorm2d, rngs=rngs), T(3, 5, norm_layer=BatchNorm, rngs=rngs)
        self.c = T(5, 5, rngs=rngs)
    def __call__(self, x):
        return self.c(self.b(self.a(x)))
