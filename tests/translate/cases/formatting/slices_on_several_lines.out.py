import jax


def middle(x: jax.Array, n: int):
    return x[
        :,
        x.shape[1] // 2 - n : x.shape[1] // 2 + n,
    ]
