# part: user code
def pooled(width: int, *, rngs: nnx.Rngs):
    return functools.partial(avg_pool1d, kernel_size=1)


def dense(width: int, *, rngs: nnx.Rngs):
    return nnx.Linear(width, width, rngs=rngs)


rngs = nnx.Rngs(0)
MAKERS = {"pooled": functools.partial(pooled, rngs=rngs), "dense": functools.partial(dense, rngs=rngs)}


class Unit(nnx.Module):
    def __init__(self, width: int, maker, *, rngs: nnx.Rngs):
        self.body = maker(width, rngs=rngs)

    def __call__(self, x):
        return self.body(x)


@dataclass
class Stage:
    width: int
    block: Callable[..., nnx.Module]


class Net(nnx.Module):
    def __init__(self, stages: list[Stage], kind: str, maker=LayerNorm, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.first = MAKERS[kind](4, rngs=rngs)
        self.layers = nnx.List(self.layer(stage, maker) for stage in stages)

    def layer(self, stage, maker):
        return stage.block(stage.width, maker, rngs=self.rngs)

    def __call__(self, x):
        x = self.first(x)
        for layer in self.layers:
            x = layer(x)
        return x


def net(*, rngs: nnx.Rngs):
    return Net([Stage(4, Unit)], "pooled", rngs=rngs)
