import jax.numpy as jnp
import torch.nn.functional as F  # TODO(tojax): TJ200 still needed by what is unresolved
from torch import jit, onnx, optim  # TODO(tojax): TJ200 still needed by what is unresolved


def documented(x):
    """Of more than

    one line."""
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return torch.frobnicate(x)  # TODO(tojax): TJ201 no rule for torch.frobnicate


def one_line(x): return onnx.frobnicate(x)  # TODO(tojax): TJ201 torch.onnx.frobnicate: jax2onnx or jax2tf with tf2onnx write ONNX files


class Kept(optim.Frobnicator):  # TODO(tojax): TJ201 no rule for torch.optim.Frobnicator
    @staticmethod
    def inner(x):
        from torch import hub  # TODO(tojax): TJ200 still needed by what is unresolved
        @staticmethod
        def twice(x):
            return hub.frobnicate(x)  # TODO(tojax): TJ201 torch.hub.frobnicate: download the file and read its arrays; the model itself is Python code

        return twice(x)


def default(x, load=jit.frobnicate(1)):  # TODO(tojax): TJ201 torch.jit.frobnicate: jax.jit compiles plain Python functions; call the function itself and jit the step
    return load(x)


def hides(x, F):
    return F.frobnicate(x)


async def other(x):
    return F.frobnicate(x)  # TODO(tojax): TJ201 no rule for torch.nn.functional.frobnicate


def last(
    x=1,
    y=2): return x


every = [jnp.exp(jnp.ones(1)), lambda x: F.frobnicate(x)]  # TODO(tojax): TJ201 no rule for torch.nn.functional.frobnicate


def seldom(x, fast):
    """Only one branch needs PyTorch."""
    if not fast:
        return x

    if fast == 2:
        y = x
        from torch import package  # TODO(tojax): TJ200 still needed by what is unresolved
        z = package.frobnicate(y)  # TODO(tojax): TJ201 torch.package.frobnicate: JAX has no packages of code and arrays; save arrays by orbax.checkpoint
    elif fast == 3:
        return x
    else:
        z = x
    return z


def asked(x, way):
    from torch import monitor  # TODO(tojax): TJ200 still needed by what is unresolved
    if way == 1:
        x = x + 1
    elif monitor.frobnicate(x):  # TODO(tojax): TJ201 torch.monitor.frobnicate: JAX has no counters of its own; log values that the step returns
        x = x + 2
    return x


def asked_later(x, way):
    if way == 1:
        x = x + 1
    elif way == 2:
        from torch import profiler  # TODO(tojax): TJ200 still needed by what is unresolved
        x = profiler.frobnicate(x)  # TODO(tojax): TJ201 torch.profiler.frobnicate: use jax.profiler.trace(folder) and jax.profiler.TraceAnnotation(name)
    return x
