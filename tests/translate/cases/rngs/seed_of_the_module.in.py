import torch

torch.manual_seed(7)
x = torch.randn(3, 4)
