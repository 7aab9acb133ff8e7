from flax import nnx


class Stages(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        for stage in [(f"stage{n}", nnx.Linear(width, width, rngs=rngs)) for n in range(3)]:
            setattr(self, *stage)

    def __call__(self, x):
        return self.stage2(self.stage1(self.stage0(x)))
