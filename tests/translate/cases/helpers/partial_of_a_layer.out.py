# part: user code
class Block(nnx.Module):
    def __init__(self, dim, norm_layer=LayerNorm, *, rngs: nnx.Rngs):
        if isinstance(norm_layer, functools.partial):
            bias = norm_layer.func == LayerNorm
        else:
            bias = norm_layer == LayerNorm
        self.linear = nnx.Linear(dim, dim, use_bias=bias, rngs=rngs)
        self.norm = norm_layer(dim, rngs=rngs)

    def __call__(self, x, adjacency):
        return self.norm(adjacency @ self.linear(x))


def made(dim, *, rngs: nnx.Rngs):
    return Block(dim, functools.partial(LayerNorm, eps=1e-3), rngs=rngs)
