# part: user code
TensorDict = Dict[str, jax.Array]
T = TypeVar("T", bound=nnx.Module)


class Out(NamedTuple):
    logits: jax.Array
    hidden: Optional[Tuple[jax.Array, ...]] = None


class Net(nnx.Module):
    scale: nnx.Param
    layers: nnx.List
    act: Callable

    def __init__(self, norm: Type[nnx.Module] = LayerNorm, drop: Optional[nnx.Dropout] = None, *, rngs: nnx.Rngs):
        self.layers: nnx.List = nnx.List()
        self.scale = nnx.Param(jnp.ones(4))
        self.norm: nnx.Module = norm(4, rngs=rngs)

    def __call__(self, x: "jax.Array", mask: "Optional[jax.Array]" = None) -> "Out":
        return Out(self.norm(x) * self.scale[...])


def train(model: T, loader: Iterable, *xs: jax.Array, dtype: jnp.dtype | None = None) -> List["jax.Array"]:
    return [model(x) for x in loader]
