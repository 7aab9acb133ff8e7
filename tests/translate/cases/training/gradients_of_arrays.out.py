# part: user code
def attack(model, loader, epsilon):
    found = []
    for data, target in loader:
        def loss_fn(data, model):
            output = model(data)
            loss = jnp.mean(jnp.square(output - target))
            return loss

        loss, data_grad = nnx.value_and_grad(loss_fn)(data, model)
        found.append(data + epsilon * jnp.sign(data_grad))
    return found


def saliency(model, image):
    def score_fn(image):
        score = jnp.max(model(image))
        return score

    score, image_grad = jax.value_and_grad(score_fn)(image)
    return jnp.abs(image_grad)


def fit(x, y):
    w = jnp.zeros((3, 1))
    b = jnp.zeros(1)
    for _ in range(5):
        def loss_fn(w, b):
            loss = jnp.mean((x @ w + b - y) ** 2)
            return loss

        loss, (w_grad, b_grad) = jax.value_and_grad(loss_fn, argnums=(0, 1))(w, b)
        w -= 0.1 * w_grad
        b = b - 0.1 * b_grad
    return w, b


def through_parameters(optimizer, model, x):
    def loss_fn(model):
        loss = jnp.sum(model(x))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    for p, grad in with_gradients(model, grads):
        p[...] -= 0.1 * grad
