# part: user code
def make(rows, pairs):
    ids, labels = map(long_tensor, zip(*rows))
    x, y = map(variable, pairs)
    scores = partial(float_tensor)
    return ids, labels, x, y, scores([1.5]), isinstance(ids, jax.Array)
