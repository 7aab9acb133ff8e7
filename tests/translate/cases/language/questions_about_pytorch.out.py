import re

import jax
import jax.numpy as jnp
from flax import nnx
from packaging import version

MAJOR = int("2.13.0".split(".")[0])
TORCH = tuple(int(v) for v in re.match(r"(\d+)\.(\d+)", "2.13.0").groups())
IS_NEW = True
IS_OLD = False

BACKEND = "inductor"


class Block(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.fused = True
        self.act = jax.nn.relu
        self.dtype = jnp.float32
        self.fc = nnx.Linear(4, 4, rngs=rngs)

    def __call__(self, x):
        x = jnp.tanh(x) + jax.nn.silu(x)
        return jax.nn.relu(self.fc(self.act(x).astype(self.dtype)))


def dtype(name):
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    return getattr(torch, name)  # TODO(tojax): TJ202 which name of torch is meant shows only when it runs; for a dtype write getattr(jnp, name)


def activation(name):
    import torch.nn.functional as F  # TODO(tojax): TJ200 still needed by what is unresolved
    return getattr(F, name)  # TODO(tojax): TJ202 which name of torch.nn.functional is meant shows only when it runs


def describe():
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    print("version", torch.__version__)  # TODO(tojax): TJ201 torch.__version__: the code follows one version of PyTorch; JAX's own is jax.__version__
    return {"module": torch}  # TODO(tojax): TJ201 torch is used as a value; take what is needed from it by name
