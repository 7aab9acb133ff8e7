

def unknown(x):
	if x.ndim > 1:
		import torch  # TODO(tojax): TJ200 still needed by what is unresolved
		return torch.frobnicate(x)  # TODO(tojax): TJ201 no rule for torch.frobnicate
	return x
