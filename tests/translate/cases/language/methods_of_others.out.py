import jax.numpy as jnp

try:
    import kernels.language as kl
except ImportError:
    kl = None


def fused(a, b):
    return kl.where(a > 0, a, kl.dot(a, b))


def produce(queue, table, n):
    queue.put(jnp.zeros(n))
    return table.transpose([1, 0])
