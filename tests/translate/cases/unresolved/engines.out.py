# part: user code
def train(accelerator, model, optimizer, x, y):
    loss = jnp.mean(jnp.square(model(x) - y))
    accelerator.backward(loss)  # TODO(tojax): TJ204 accelerator.backward() is of another library; take nnx.value_and_grad
    optimizer.step()  # TODO(tojax): TJ204 no gradients are computed where this step is taken
