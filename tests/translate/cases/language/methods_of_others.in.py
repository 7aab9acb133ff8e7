import torch

try:
    import kernels.language as kl
except ImportError:
    kl = None


def fused(a, b):
    return kl.where(a > 0, a, kl.dot(a, b))


def produce(queue, table, n):
    queue.put(torch.zeros(n))
    return table.transpose([1, 0])
