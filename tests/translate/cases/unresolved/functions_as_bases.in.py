from torch.amp import GradScaler


class Scaler(GradScaler):
    def unscale(self, x):
        return x
