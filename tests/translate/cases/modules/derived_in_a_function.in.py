from torch import nn


def recording(calls: list):
    class Recorded(nn.AvgPool2d):
        def forward(self, x):
            calls.append(x.shape)
            return super().forward(x)

    return Recorded
