from flax import nnx


class Block(nnx.Module):
    def __init__(self, size, norm="nn.LayerNorm", act="ReLU"):
        self.norm = eval(norm)(size)  # TODO(tojax): TJ201 code in a string is not translated
        self.act = eval("nn." + act)()  # TODO(tojax): TJ201 code in a string is not translated
        self.size = eval("size * 2")

    def __call__(self, x):
        return self.act(self.norm(x))
