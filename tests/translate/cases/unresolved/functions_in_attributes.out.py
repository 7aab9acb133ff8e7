# part: user code
class Net(nnx.Module):
    def __init__(self, tie, width=3, *, rngs: nnx.Rngs):
        self.width = width
        self.emb = Embedding(5, 3, rngs=rngs)
        if tie:
            self.to_logits = lambda x: jax.nn.relu(x) @ self.emb.weight[...].T  # TODO(tojax): TJ204 self.to_logits keeps a function that uses self: under jax.grad and jit it uses the weights of when it was made; write a method instead
        else:
            self.to_logits = nnx.Linear(3, 5, rngs=rngs)
        self.scale = lambda x: x * self.width

    def __call__(self, x):
        return self.to_logits(self.scale(self.emb(x)))
