# part: user code
def imitate(a, b, opt, x: jax.Array):
    def loss_fn(a, b):
        loss = jnp.mean((a(x) - jax.lax.stop_gradient(b(x))) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(a, b)
    opt.update(a, grads)
    return loss


def run(x: jax.Array, *, rngs: nnx.Rngs):
    teacher, student = nnx.Linear(2, 2, rngs=rngs), nnx.Linear(2, 2, rngs=rngs)
    opt = nnx.Optimizer(student, optax.sgd(0.1), wrt=nnx.Param)
    return imitate(student, teacher, opt, x)


def follow(old: nnx.Module, new: nnx.Module, optimizer, x: jax.Array):
    def loss_fn(new, old):
        loss = jnp.mean((new(x) - jax.lax.stop_gradient(old(x))) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(new, old)
    grads, _ = clip_grad_norm(grads, 1.0)
    optimizer.update(new, grads)


def conventional(model, target, optimizer, x: jax.Array):
    def loss_fn(model):
        loss = jnp.mean((model(x) - jax.lax.stop_gradient(target(x))) ** 2)
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)


def unclear(teacher, student, optimizer, x: jax.Array):
    teacher.eval()
    loss = jnp.mean((student(x) - jax.lax.stop_gradient(teacher(x))) ** 2)
    loss.backward()  # TODO(tojax): TJ204 cannot tell which module backward() belongs to
    optimizer.step()  # TODO(tojax): TJ204 cannot tell which module step() belongs to
