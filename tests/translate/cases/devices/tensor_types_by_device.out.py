import jax
import jax.numpy as jnp

cuda = True if jax.default_backend() == "gpu" else False
Tensor = jax.Array if cuda else jax.Array
LongTensor = jax.Array if cuda else jax.Array


def prepared(imgs, labels):
    real = imgs.astype(jnp.float32)
    valid = jnp.full_like(jnp.empty((imgs.shape[0], 1), dtype=jnp.float32), 1.0)
    return real, valid, labels.astype(int)


def kind_of(document, Tensor):
    return document.type(Tensor)
