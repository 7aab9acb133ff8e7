from torch import nn


class Stages(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        for stage in [(f"stage{n}", nn.Linear(width, width)) for n in range(3)]:
            self.add_module(*stage)

    def forward(self, x):
        return self.stage2(self.stage1(self.stage0(x)))
