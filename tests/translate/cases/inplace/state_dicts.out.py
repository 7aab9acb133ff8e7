# part: user code
class Average:
    def __init__(self, model: nnx.Module, decay=0.99):
        self.ema = copy.deepcopy(model)
        self.ema.eval()
        self.decay = decay

    def update(self, model):
        state = state_dict(model)
        for k, v in dict(named_state(self.ema)).items():
            if jnp.issubdtype(v.dtype, jnp.floating):
                v[...] *= self.decay
                v[...] += jax.lax.stop_gradient((1.0 - self.decay) * jax.lax.stop_gradient(state[k]))


def doubled(a: nnx.Module, x):
    state = state_dict(a)
    state["bias"] *= 2  # TODO(tojax): TJ203 writes through a view of 'a', which is used again
    return a(x)


def moved(a: nnx.Module, b: nnx.Module):
    state = state_dict(a)
    state["weight"] *= 2  # TODO(tojax): TJ203 writes through a view of 'a', which is used again
    load_state_dict(b, state)


def mixed(a: nnx.Module, b: nnx.Module, x):
    target, source = state_dict(a), state_dict(b)
    for key in source:
        target[key] = source[key] * 0.1 + target[key] * 0.9
    load_state_dict(a, target)
    return a(x)


def loaded(a: nnx.Module, path):
    state = load(path)
    state["weight"] *= 2
    load_state_dict(a, state)


def copied(a: nnx.Module, b: nnx.Module):
    state = copy.deepcopy(state_dict(a))
    state["weight"] *= 2
    state["bias"] = jnp.zeros_like(state["bias"])
    load_state_dict(b, state)


def followed(a: nnx.Module, b: nnx.Module, rule):
    for x, y in zip(dict(named_state(a)).values(), state_dict(b).values()):
        x[...] = jnp.full_like(x[...], rule(x[...], y))
    return state_dict(b)
