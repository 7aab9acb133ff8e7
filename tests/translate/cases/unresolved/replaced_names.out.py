# part: user code
def patched(register, zeros):
    from torch import nn  # TODO(tojax): TJ200 still needed by what is unresolved
    nn.Module.register_buffer = register  # TODO(tojax): TJ201 torch.nn.Module.register_buffer is replaced; JAX code does not go through it
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    torch.zeros = zeros  # TODO(tojax): TJ201 torch.zeros is replaced; JAX code does not go through it
