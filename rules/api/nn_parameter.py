"""torch.nn.Parameter: what is asked of a parameter itself, and of all parameters as one vector."""

from collections.abc import Iterable

import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api, torch_property


@torch_property("torch.nn.Parameter.data")
def data(self: nnx.Param) -> Array:
    """The parameter's array."""
    return self[...]


@torch_property("torch.nn.Parameter.requires_grad")
def requires_grad(self: nnx.Variable) -> bool:
    """Whether it is trained: a variable that is not a `Param` is not."""
    return isinstance(self, nnx.Param)


@torch_api("torch.nn.utils.parameters_to_vector")
def parameters_to_vector(parameters: Iterable[nnx.Param]) -> Array:
    """All elements of the parameters, one parameter after the other."""
    return jnp.concatenate([param[...].ravel() for param in parameters])


@torch_api("torch.nn.utils.vector_to_parameters")
def vector_to_parameters(vec: Array, parameters: Iterable[nnx.Param]) -> None:
    """Sets the parameters from the elements of a vector."""
    parameters = list(parameters)
    ends = np.cumsum([param.size for param in parameters])[:-1]
    for param, part in zip(parameters, jnp.split(vec, ends), strict=True):
        param[...] = part.reshape(param.shape)
