import jax
import jax.numpy as jnp
import optax
from flax import nnx


class PINN(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.net = nnx.Sequential(nnx.Linear(2, 8, rngs=rngs), jnp.tanh, nnx.Linear(8, 1, rngs=rngs))

    def __call__(self, x, t):
        return self.net(jnp.concatenate([x, t], axis=1))


def residual(model, x, t):
    u, u_vjp = jax.vjp(lambda x, t: model(x, t), x, t)

    def u_x_fn(x):
        u, u_vjp = jax.vjp(lambda x, t: model(x, t), x, t)
        return u_vjp(jnp.ones_like(u))[0]

    u_x, u_x_vjp = jax.vjp(u_x_fn, x)
    u_t = u_vjp(jnp.ones_like(u))[1]
    u_xx = u_x_vjp(jnp.ones_like(u_x))[0]
    return u_t + u * u_x - 0.01 * u_xx


def gradient_penalty(critic, real, fake, *, rngs: nnx.Rngs):
    alpha = jax.random.uniform(rngs(), (real.shape[0], 1))
    interpolates = alpha * real + (1 - alpha) * fake
    scores, scores_vjp = jax.vjp(lambda interpolates: critic(interpolates), interpolates)
    ones = jnp.ones(scores.shape)
    gradients = scores_vjp(ones)[0]
    gradients = gradients.reshape(gradients.shape[0], -1)
    return jnp.mean((optax.safe_norm(gradients, 0.0, axis=1) - 1) ** 2)


def saliency(model, x):
    score, score_vjp = jax.vjp(lambda x: jnp.max(model(x)), x)
    (g,) = jax.lax.stop_gradient(score_vjp(jnp.ones_like(score)))
    return jnp.abs(g)


def fit(points, t, *, rngs: nnx.Rngs):
    model = PINN(rngs=rngs)
    optimizer = nnx.Optimizer(model, optax.adam(1e-2), wrt=nnx.Param)
    x = points.reshape(-1, 1)
    for step in range(4):
        def loss_fn(model):
            u, u_vjp = jax.vjp(lambda x: model(x, t), x)
            u_x = u_vjp(jnp.ones_like(u))[0]
            loss = jnp.mean((u_x - u) ** 2)
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        optimizer.update(model, grads)


def several(x: jax.Array, w: jax.Array):
    h = x * w
    print(h.shape)

    def y_fn(x, w):
        h = x * w
        return jnp.sum(jnp.sin(h))

    y, y_vjp = jax.vjp(y_fn, x, w)
    gx, gw = y_vjp(jnp.ones_like(y))
    return gx * gw
