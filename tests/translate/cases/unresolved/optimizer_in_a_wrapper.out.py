import optax
from flax import nnx


def param_groups(self: nnx.Optimizer) -> list[dict]:
    """The adjustable hyperparameters of each group of parameters.

    They are variables: `param_groups(optimizer)[0]["learning_rate"][...] = 1e-4`.
    """
    state = self.opt_state
    if not isinstance(state, optax.transforms.PartitionState):
        return [state.hyperparams]
    inner = [group.inner_state for _, group in sorted(state.inner_states.items())]
    return [group.hyperparams for group in inner if hasattr(group, "hyperparams")]


class Warmup:
    def __init__(self, optimizer, factor):
        self.optimizer = optimizer
        self.factor = factor
        self.count = 0

    def step(self):
        self.count += 1
        for group in param_groups(self.optimizer):
            group["learning_rate"][...] = self.factor * self.count
        self.optimizer.step()  # TODO(tojax): TJ204 cannot tell which module step() belongs to


def warm(model):
    return Warmup(nnx.Optimizer(model, optax.inject_hyperparams(lambda learning_rate: optax.adam(learning_rate, b2=0.98))(learning_rate=0), wrt=nnx.Param), 0.1)
