# part: user code
class Doubled(Conv2d):
    def __call__(self, x):
        return super()._conv_forward(x, self.weight[...] * 2, None if self.bias is None else self.bias[...])  # TODO(tojax): TJ201 no rule for torch.nn.Conv2d._conv_forward
