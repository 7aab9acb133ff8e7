from dataclasses import dataclass
import dataclasses

from flax import nnx


@dataclass
class Bundle:
    size: int
    rate: float = 0.5
    rngs: nnx.Rngs = dataclasses.field(kw_only=True)

    def model(self):
        return nnx.Linear(self.size, self.size, rngs=self.rngs)


rngs = nnx.Rngs(0)
SMALL = Bundle(4, rngs=rngs)


def build(*, rngs: nnx.Rngs):
    return Bundle(size=8, rngs=rngs).model()
