# part: user code
def watch(model: nnx.Module, log: list[jax.Array]):
    for _, layer in named_children(model):
        layer.register_forward_hook(lambda module, args, output: log.append(output))  # TODO(tojax): TJ201 torch.nn.Module.register_forward_hook: JAX has no hooks; return what the hook would see, or use nnx.Module.sow


def update(cache, states: jax.Array):
    return cache.update(states + 1)
