try:
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
except ImportError:
    torch = None


def has_torch() -> bool:
    return torch is not None  # TODO(tojax): TJ201 PyTorch itself has no JAX form
