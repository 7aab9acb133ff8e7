import jax
import jax.numpy as jnp


class Cursor:
    training = True

    def __init__(self):
        super().__init__()
        self.at = 0

    def forward(self, n: int):
        if self.training:
            self.at += n

    def start(self) -> jax.Array:
        self.forward(1)
        return jnp.zeros(self.at)
