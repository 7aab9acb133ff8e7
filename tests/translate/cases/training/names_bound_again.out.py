import jax
import jax.numpy as jnp
import optax
from flax import nnx


def train(generator: nnx.Module, critic: nnx.Module, real: jax.Array, steps):
    generator_optimizer = nnx.Optimizer(generator, optax.adam(0.001), wrt=nnx.Param)
    critic_optimizer = nnx.Optimizer(critic, optax.adam(0.001), wrt=nnx.Param)
    for _ in range(steps):
        for _ in range(2):
            z = jnp.ones((4, 2))
            fake = jax.lax.stop_gradient(generator(z))

            def critic_loss_fn(critic):
                critic_loss = jnp.mean(critic(fake)) - jnp.mean(critic(real))
                return critic_loss

            critic_loss, grads_critic = nnx.value_and_grad(critic_loss_fn)(critic)
            critic_optimizer.update(critic, grads_critic)
        z = jnp.zeros((4, 2))

        def generator_loss_fn(generator, critic):
            fake = generator(z)
            generator_loss = -jnp.mean(critic(fake))
            return generator_loss, fake

        (generator_loss, fake), grads_generator = nnx.value_and_grad(generator_loss_fn, has_aux=True)(generator, critic)
        generator_optimizer.update(generator, grads_generator)
