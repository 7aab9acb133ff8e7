# part: user code
class Norm(BatchNorm):
    deterministic = False

    def __call__(self, x):
        factor = self.momentum
        if not self.deterministic and self.track_running_stats:
            self.num_batches_tracked[...] = self.num_batches_tracked[...] + 1
            if factor is None:
                factor = 1.0 / float(self.num_batches_tracked[...].item())
        return batch_norm(
            x,
            self.running_mean if self.deterministic or self.track_running_stats else None,
            self.running_var if self.deterministic or self.track_running_stats else None,
            training=not self.deterministic,
            momentum=factor,
        )


class Own(nnx.Module):
    def __init__(self, n):
        self.mean = nnx.Variable(jnp.zeros(n))
        self.var = nnx.Variable(jnp.ones(n))

    def __call__(self, x):
        whole = standardise(x, (0, *range(2, x.ndim)), 1e-5)
        fixed = (x - channelwise(self.mean[...], x.ndim)) * lax.rsqrt(channelwise(self.var[...], x.ndim) + 1e-5)
        return whole + fixed + instance_norm(x, self.mean, self.var)


def elsewhere(x):
    mean, var = jnp.zeros(3), jnp.ones(3)
    import torch.nn.functional as F  # TODO(tojax): TJ200 still needed by what is unresolved
    return F.batch_norm(x, mean, var, training=True), mean  # TODO(tojax): TJ202 torch.nn.functional.batch_norm: batch_norm cannot update running_mean and running_var in place; keep them as buffers of a module
