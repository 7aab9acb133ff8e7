import torch
from torch import nn


@torch.jit.script
def swish(x: torch.Tensor):
    return x * torch.sigmoid(x)


@torch.jit._script_if_tracing
def halved(x: torch.Tensor):
    torch._C._log_api_usage_once("halved")
    if torch._C._get_tracing_state():
        return x
    return x / 2


class Net(nn.Module):
    def __init__(self, residual: bool):
        super().__init__()
        self.residual = residual

    @torch.jit.ignore
    def no_weight_decay(self):
        return {"scale"}

    @torch.jit.unused(drop=True)
    @torch.no_grad()
    def debug(self):
        return 1

    def forward(self, x: torch.Tensor):
        if torch.jit.is_scripting() or torch.jit.is_tracing():
            x.undefined()
            return x
        if not torch.jit.is_scripting() and self.residual:
            x = x + swish(x)
        return x.sum() if torch.compiler.is_compiling() else x


net = torch.compile(Net(True))
