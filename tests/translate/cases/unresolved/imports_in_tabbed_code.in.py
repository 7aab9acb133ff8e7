import torch


def unknown(x):
	if x.ndim > 1:
		return torch.frobnicate(x)
	return x
