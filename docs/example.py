import torch
import torch.nn as nn
import torch.nn.functional as F


class Classifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 4 * features)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(4 * features, classes)

    def forward(self, x):
        x = x.view(x.size(0), -1)  # (batch, features)
        x = self.drop(F.gelu(self.hidden(x)))
        return F.log_softmax(self.head(x), dim=-1)


@torch.no_grad()
def accuracy(model, x, labels):
    model.eval()
    return (model(x).argmax(dim=1) == labels).float().mean()
