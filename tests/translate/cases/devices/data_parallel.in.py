import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.DataParallel(nn.Sequential(nn.Linear(4, 4), nn.ReLU()))

    def forward(self, x):
        return self.body(x) + self.body.module[0].bias


class Trainer:
    def __init__(self, model):
        if torch.cuda.device_count() > 1:
            model = nn.DataParallel(nn.SyncBatchNorm.convert_sync_batchnorm(model))
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def step(self, x):
        self.optimizer.zero_grad()
        loss = self.model(x).mean()
        loss.backward()
        self.optimizer.step()

    def core(self):
        if isinstance(self.model, torch.nn.DataParallel):
            return self.model.module
        return self.model
