from torch.amp import GradScaler  # TODO(tojax): TJ200 still needed by what is unresolved


class Scaler(GradScaler):  # TODO(tojax): TJ201 torch.amp.GradScaler is a function in JAX, from which no class can derive
    def unscale(self, x):
        return x
