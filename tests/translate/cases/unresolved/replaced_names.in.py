import torch
from torch import nn


def patched(register, zeros):
    nn.Module.register_buffer = register
    torch.zeros = zeros
    torch.backends.cudnn.benchmark = True
