import jax.numpy as jnp
from flax import nnx


class Queue(nnx.Module):
    def __init__(self):
        self.items = nnx.Variable(jnp.zeros((8, 2)))
        self.place = nnx.Variable(jnp.zeros(1, dtype=int))

    def __call__(self, x):
        place = int(self.place[...].item())
        self.items[place : place + len(x)] = x
        self.place[0] = (place + len(x)) % len(self.items[...])
        return jnp.sum(self.items[...])


def step(agent, buffer):
    agent.train(buffer)


def evaluate(model, is_training, x):
    model.train() if is_training else model.eval()
    return model(x)
