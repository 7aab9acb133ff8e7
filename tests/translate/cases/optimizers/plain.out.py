import optax
from flax import nnx


def make(model: nnx.Module, name: str, lr: float):
    if name == "adam":
        return nnx.Optimizer(model, optax.adam(0.001), wrt=nnx.Param)
    if name == "adamw":
        return nnx.Optimizer(model, optax.adamw(3e-4, b2=0.95, weight_decay=0.1), wrt=nnx.Param)
    return nnx.Optimizer(model, optax.sgd(lr, momentum=0.9, nesterov=True), wrt=nnx.Param)
