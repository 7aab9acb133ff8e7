from flax import nnx


def place(model: nnx.Module, device: str = "cuda") -> nnx.Module:
    return model
