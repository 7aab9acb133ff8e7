# part: user code
def mixed(text, x):
    left, right = _split(encode(x), 4, 1)
    first, second = jnp.split(encode(x), [3])
    words = read(text).split(",")
    order = jnp.argsort(encode(x), descending=True)
    names = sorted(read(text))
    names.sort(reverse=True)
    ends = jnp.all(encode(x) == 1, axis=-1).astype(int)
    placed = encode(x).astype(left.dtype)
    typed = encode(x).astype(left.dtype)
    return left, right, first, second, words, order, names, ends, placed, typed


def elements(x):
    return math.prod(jax.nn.relu(x).shape[1:])


def layers(model):
    return [m for m in modules(model) if isinstance(m, nnx.Linear)]
