import torch
import torch.nn.functional as F
from torch import nn


class Norm(nn.BatchNorm2d):
    def forward(self, x):
        factor = self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked.add_(1)
            if factor is None:
                factor = 1.0 / float(self.num_batches_tracked)
        return F.batch_norm(
            x,
            self.running_mean if not self.training or self.track_running_stats else None,
            self.running_var if not self.training or self.track_running_stats else None,
            training=self.training,
            momentum=factor,
        )


class Own(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("var", torch.ones(n))

    def forward(self, x):
        whole = F.batch_norm(x, None, None, training=True)
        fixed = F.batch_norm(x, self.mean, self.var)
        return whole + fixed + F.instance_norm(x, self.mean, self.var)


def elsewhere(x):
    mean, var = torch.zeros(3), torch.ones(3)
    return F.batch_norm(x, mean, var, training=True), mean
