# part: user code
class Square(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        pass

    def __call__(self, x):
        return x * x


ACTIVATIONS = {"square": Square, "wide": partial(Linear, 4, 8)}


class Block(nnx.Module):
    def __init__(self, width: int, norm_layer: type[nnx.Module] | None = None, act: str = "square", *, rngs: nnx.Rngs):
        self.norm = norm_layer(width, rngs=rngs) if norm_layer is not None else jax.nn.identity
        self.act = ACTIVATIONS[act](rngs=rngs)

    def __call__(self, x):
        return self.act(self.norm(x))


class ScaledLinear(Linear):
    def __call__(self, x):
        return super().__call__(x) * self.in_features**-0.5


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.plain = Block(4, rngs=rngs)
        self.block = Block(4, norm_layer=partial(LayerNorm, eps=1e-6), rngs=rngs)
        self.head = ScaledLinear(4, 2, rngs=rngs)

    def __call__(self, x):
        return self.head(self.block(self.plain(x)))
