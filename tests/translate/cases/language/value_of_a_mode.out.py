# part: user code
def profiled(f, x):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    with torch.autograd.profiler.profile() as prof:  # TODO(tojax): TJ201 torch.autograd.profiler.profile: its value is read; JAX has no such object
        y = f(x)
    print(prof)
    return y


def not_read(f, x):
    return f(x)
