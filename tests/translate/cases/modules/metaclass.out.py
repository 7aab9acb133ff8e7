from flax import nnx


class Finished(type(nnx.Module)):
    """Calls what is to come after the constructor."""

    def __call__(cls, *args, **kwargs):
        made = super().__call__(*args, **kwargs)
        made.finish()
        return made


class Counted(type):
    count = 0


class Scaled(nnx.Module, metaclass=Finished):
    def __init__(self, size, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(size, size, rngs=rngs)

    def finish(self):
        self.scale = 2.0

    def __call__(self, x):
        return self.fc(x) * self.scale


class Setting(metaclass=Counted):
    pass
