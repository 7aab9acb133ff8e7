# part: user code
def decay(model: nnx.Module, average: dict[str, jax.Array]):
    for name, param in named_parameters(model):
        param[...] = average[name]


def clear(tensors: list[jax.Array]):
    for tensor in tensors:
        tensor.zero_()  # TODO(tojax): TJ203 changes what the loop takes from 'tensors' in place


def scale(loader):
    total = 0.0
    for images in loader:
        images = images * 2
        total += jnp.sum(images)
    return total


def collect(x: jax.Array):
    rows = [x[0], x[1]]
    out = []
    for row in rows:
        row = row + 1
        out.append(row)
    return out
