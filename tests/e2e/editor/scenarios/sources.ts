/** PyTorch that the scenarios open. */

export const NET = `import torch
import torch.nn as nn
import torch.nn.functional as F


# tojax: init=(16, 4) inputs=(float32[8, 16],)
class Net(nn.Module):
    """Two layers; the first class is switched off."""

    def __init__(self, features: int, classes: int):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.head = nn.Linear(32, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.gelu(self.hidden(x))
        scores = self.head(x)
        scores[:, 0] = 0.0
        return scores
`;
