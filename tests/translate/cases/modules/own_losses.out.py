# part: user code
class Dice(_Loss):
    def __init__(self, smooth: float = 1.0, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.smooth = smooth

    def __call__(self, input: jax.Array, target: jax.Array) -> jax.Array:
        both = jnp.sum(input * target, axis=-1)
        losses = 1 - (2 * both + self.smooth) / (jnp.sum(input, axis=-1) + jnp.sum(target, axis=-1) + self.smooth)
        if self.reduction == "sum":
            return jnp.sum(losses)
        return jnp.mean(losses) if self.reduction == "mean" else losses


class Plain(_Loss):
    def __call__(self, input, target):
        return jnp.mean(jnp.abs(input - target)) if self.reduction == "mean" else input
