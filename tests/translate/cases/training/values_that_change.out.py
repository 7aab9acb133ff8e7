import jax
import jax.numpy as jnp
from flax import nnx


def truncated(model, optimizer, criterion, batches, hidden):
    for x, y in batches:
        hidden = jax.lax.stop_gradient(hidden)

        def loss_fn(model, hidden):
            output, hidden = model(x, hidden)
            loss = criterion(output, y)
            return loss, hidden

        (loss, hidden), grads = nnx.value_and_grad(loss_fn, has_aux=True)(model, hidden)
        optimizer.update(model, grads)
    return hidden


def unrolled(encoder, decoder, encoder_optimizer, decoder_optimizer, source, target):
    def loss_fn(encoder, decoder):
        hidden = encoder.start()
        states = jnp.zeros((len(source), hidden.shape[-1]))
        loss = 0
        for i, token in enumerate(source):
            hidden = encoder(token, hidden)
            states = states.at[i].set(hidden)
        for token in target:
            output, hidden = decoder(hidden, states)
            loss += jnp.mean(jnp.square(output - token))
        return loss

    loss, (grads_encoder, grads_decoder) = nnx.value_and_grad(loss_fn, argnums=(0, 1))(encoder, decoder)
    encoder_optimizer.update(encoder, grads_encoder)
    decoder_optimizer.update(decoder, grads_decoder)
    return loss.item()


def real_and_made(critic, optimizer, criterion, real, made):
    label = jnp.ones(len(real))

    def real_loss_fn(critic):
        output = critic(real)
        real_loss = criterion(output, label)
        return real_loss, output

    (real_loss, output), grads = nnx.value_and_grad(real_loss_fn, has_aux=True)(critic)
    label = jnp.full_like(label, 0)

    def made_loss_fn(critic):
        output = critic(jax.lax.stop_gradient(made))
        made_loss = criterion(output, label)
        return made_loss, output

    (made_loss, output), new_grads = nnx.value_and_grad(made_loss_fn, has_aux=True)(critic)
    grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)
    optimizer.update(critic, grads)
    grads = None
