from torch import nn


class Net(nn.Module):
    """Keeps what it was made with."""

    def __init__(self, width, depth=2, **options):
        super().__init__()
        self.made_with = locals()
        self.made_with.pop("self")
        self.made_with.pop("__class__", None)
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])


def count():
    size = 3
    return len(locals()), size
