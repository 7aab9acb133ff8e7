from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, 4, 3)
        self.conv = nn.utils.parametrizations.weight_norm(self.conv, name="weight", dim=2)
        self.lstm = nn.LSTM(4, 5)
        self.lstm.flatten_parameters()

    def forward(self, x):
        self.lstm.flatten_parameters()
        return self.lstm(self.conv(x))[0]
