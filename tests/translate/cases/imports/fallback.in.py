try:
    from torch import _assert
except ImportError:
    def _assert(condition: bool, message: str):
        assert condition, message


def halves(x: "torch.Tensor"):
    _assert(x.ndim == 2, "a matrix")
    return x
