try:
    import torch
except ImportError:
    torch = None


def has_torch() -> bool:
    return torch is not None
