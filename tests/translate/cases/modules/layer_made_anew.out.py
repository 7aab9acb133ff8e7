# part: user code
class Encoder(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.conv = Conv1d(4, 4, 3, rngs=rngs)
        self.conv = weight_norm(self.conv, name="weight", dim=2)
        self.lstm = LSTM(4, 5, rngs=rngs)

    def __call__(self, x):
        return self.lstm(self.conv(x))[0]
