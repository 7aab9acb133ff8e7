# part: user code
def measured(f):
    @functools.wraps(f)
    def wrapper(model, x):
        start = time.time()
        load_state_dict(model, {})
        return jax.nn.relu(f(model, x)), time.time() - start

    return wrapper
