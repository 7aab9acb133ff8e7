# part: user code
class Doubled(Conv2d):
    def reset_parameters(self):
        super().reset_parameters()  # TODO(tojax): TJ201 no rule for torch.nn.Conv2d.reset_parameters
        self.bias[...] = jnp.ones_like(None if self.bias is None else self.bias[...])

    def __call__(self, x):
        return super().__call__(x) * 2
