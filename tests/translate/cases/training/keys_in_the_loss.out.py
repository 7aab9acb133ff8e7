# part: user code
def noisy(x, *, rngs: nnx.Rngs):
    return x + jax.random.normal(rngs(), x.shape, x.dtype)


class Noise:
    def __init__(self, scale, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.scale = scale

    def draw(self, x, *, rngs=None):
        rngs = self.rngs if rngs is None else rngs
        return self.scale * jax.random.normal(rngs(), x.shape, x.dtype)

    def added(self, x, *, rngs=None):
        rngs = self.rngs if rngs is None else rngs
        return x + self.draw(x, rngs=rngs)


def by_the_generator(generator, critic, optimizer_generator, n, *, rngs: nnx.Rngs):
    for _ in range(n):
        def loss_fn(generator, rngs):
            loss = -jnp.mean(critic(generator(jax.random.normal(rngs(), (16, 8)))))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(generator, rngs.fork())
        optimizer_generator.update(generator, grads)


def before_another_step(generator, critic, optimizer_generator, optimizer_critic, *, rngs: nnx.Rngs):
    def fake_fn(generator, rngs_key=rngs()):
        rngs = nnx.Rngs(rngs_key)
        fake = generator(jax.random.normal(rngs(), (16, 8)))
        return fake

    fake, fake_vjp = nnx.vjp(fake_fn, generator, graph_updates=False)

    def loss_critic_fn(critic, rngs):
        loss_critic = jnp.mean(critic(noisy(jax.lax.stop_gradient(fake), rngs=rngs)))
        return loss_critic

    loss_critic, grads_critic = nnx.value_and_grad(loss_critic_fn)(critic, rngs.fork())
    optimizer_critic.update(critic, grads_critic)

    def loss_fn(fake):
        loss = -jnp.mean(critic(fake))
        return loss

    loss, fake_grad = nnx.value_and_grad(loss_fn)(fake)
    (grads_generator,) = fake_vjp(fake_grad)
    optimizer_generator.update(generator, grads_generator)


def of_an_object(model, optimizer, x, *, rngs: nnx.Rngs):
    noise = Noise(0.1, rngs=rngs)

    def loss_fn(model, rngs):
        loss = jnp.sum(model(noise.added(x, rngs=rngs)))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model, noise.rngs.fork())
    optimizer.update(model, grads)


def drawn_before(model, optimizer, x, *, rngs: nnx.Rngs):
    noise = jax.random.normal(rngs(), x.shape, x.dtype)

    def loss_fn(model):
        loss = jnp.sum(model(x + noise))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
