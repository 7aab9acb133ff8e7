import torch
from torch import nn


# tojax: init=() inputs=(float32[3, 4],)
class Net(nn.Module):
    def __init__(self, n: int = 2):
        super().__init__()
        self.n = n
        self.fc_0 = nn.Linear(4, 4)
        for i in range(n):
            self.register_buffer(f"anchor_{i}", torch.randn(4))
            self.register_buffer("mean_%d" % i, torch.zeros(4))
            setattr(self, f"act_{i}", nn.PReLU())
            name = "gain_" + str(i)
            self.register_parameter(name, nn.Parameter(torch.ones(4)))

    def forward(self, x):
        for i in range(self.n):
            x = x + torch.tanh(getattr(self, f"anchor_{i}"))
            x = getattr(self, f"act_{i}")(x)
            gain = getattr(self, "gain_{}".format(i))
            x = x * torch.sigmoid(gain) + gain
            getattr(self, f"mean_{i}").mul_(0.9)
            mean = getattr(self, f"mean_{i}")
            mean += x.detach().mean(0)
        anchors = torch.stack([getattr(self, f"anchor_{i}") for i in range(self.n)])
        x = x + anchors.mean(0) * getattr(self, "anchor_" + str(0)).shape[0]
        if getattr(self, f"bias_{self.n}", None) is None:
            x = getattr(self, f"fc_{0}")(x)
        return x


class Moving(Net):
    def forward(self, x):
        setattr(self, f"anchor_{0}", getattr(self, f"anchor_{0}") + 1)
        return x * torch.tanh(getattr(self, f"anchor_{1}"))
