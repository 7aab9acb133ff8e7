# part: user code
def total(x, options, tracked):
    context = contextlib.nullcontext if tracked else nullcontext
    with context():
        y = _sum(jax.nn.relu(x), -1, **options)
    dtype = options["dtype"]
    return y, to(other(x), dtype)
