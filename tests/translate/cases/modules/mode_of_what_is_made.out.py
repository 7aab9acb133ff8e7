# part: user code
class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(2, 2, rngs=rngs)
        self.teacher = nnx.Linear(2, 2, rngs=rngs)
        self.teacher.eval()

    def __call__(self, x):
        return self.fc(x)


def load(training: bool, *, rngs: nnx.Rngs):
    net = Net(rngs=rngs)
    net.eval()
    body = nnx.Sequential(nnx.Linear(2, 2, rngs=rngs), nnx.Dropout(0.5, rngs=rngs))
    body.train()
    pair = [in_mode(Net(rngs=rngs), False), in_mode(Net(rngs=rngs), training)]
    y = in_mode(net, False)(jnp.ones((1, 2)))
    net.train()
    return in_mode(net, False), body, pair, y
