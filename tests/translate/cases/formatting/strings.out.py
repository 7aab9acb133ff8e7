import jax
import jax.numpy as jnp


def describe(x: jax.Array) -> str:
    """Uses torch.Tensor.size(), says the text 'import torch'."""
    text = 'torch.zeros(3)' "x.view(-1)"
    return f"{text}: {x.shape[0]} rows of {x.shape[1]!r:>4}, {jnp.sum(x).item():.3f}"
