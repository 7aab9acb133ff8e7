import jax.numpy as jnp
import optax
from flax import nnx


def fit(encoder: nnx.Module, critic: nnx.Module, loader) -> None:
    first = nnx.Optimizer(encoder, optax.adam(1e-3), wrt=nnx.Param)
    second = nnx.Optimizer(critic, optax.adam(1e-4), wrt=nnx.Param)
    for x in loader:
        def reconstruction_fn(encoder):
            reconstruction = jnp.mean(jnp.abs(encoder(x) - x))
            return reconstruction

        reconstruction, grads_encoder = nnx.value_and_grad(reconstruction_fn)(encoder)
        first.update(encoder, grads_encoder)

        def score_fn(critic):
            score = jnp.mean(critic(x))
            return score

        score, grads_critic = nnx.value_and_grad(score_fn)(critic)
        second.update(critic, grads_critic)
        print(reconstruction.item(), score.item())
