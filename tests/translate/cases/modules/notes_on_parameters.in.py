import torch
from torch import nn


class Scan(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.log = nn.Parameter(torch.zeros(width))
        self.log._no_weight_decay = True
        self.proj = nn.Linear(width, width)
        self.proj.bias._no_reinit = True

    def forward(self, x):
        return self.proj(x) * self.log.exp()


def reset(model):
    for module in model.modules():
        if isinstance(module, nn.Linear) and module.bias is not None:
            if not getattr(module.bias, "_no_reinit", False):
                nn.init.zeros_(module.bias)


def groups(model):
    decayed, others = [], []
    for name, param in model.named_parameters():
        if hasattr(param, "_no_weight_decay") or param.dim() == 1:
            others.append(param)
        else:
            decayed.append(param)
    return torch.optim.AdamW([{"params": decayed}, {"params": others, "weight_decay": 0.0}])


def one_by_one(model):
    params = []
    for name, param in model.named_parameters():
        params += [{"params": [param], "lr": 0.2 if "bias" in name else 0.1}]
    return torch.optim.SGD(params, lr=0.1)
