from torch import nn


class Net(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.wide = nn.Linear(
            in_features=width,
            out_features=(3 * width))
        self.narrow = nn.Linear(
            in_features = (
                3 * width  # what comes in
            ),
            out_features=width,
        )

    def forward(self, x):
        return self.narrow(self.wide(x))
