# part: user code
class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = nnx.Optimizer(self.model, optax.sgd(0.1), wrt=nnx.Param)

    def apply(self):
        import torch  # TODO(tojax): TJ200 still needed by what is unresolved
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)  # TODO(tojax): TJ204 no gradients are computed where they are clipped
        self.optimizer.step()  # TODO(tojax): TJ204 no gradients are computed where this step is taken

    def clip(self):
        import torch  # TODO(tojax): TJ200 still needed by what is unresolved
        torch.nn.utils.clip_grad_value_(self.model.parameters(), 1.0)  # TODO(tojax): TJ204 no gradients are computed where they are clipped
