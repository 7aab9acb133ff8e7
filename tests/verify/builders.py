"""Builds pairs of which only the bodies matter."""

from __future__ import annotations

from tests.verify.pairs import JAX, TORCH

Pair = tuple[str, str]


EXTRA = "import copy, enum\nclass Color(enum.Enum):\n    RED = 1\n    BLUE = 2\n"


def function(torch_body: str, jax_body: str, inputs: str = "float32[3, 4]") -> Pair:
    return (
        f"{TORCH}{EXTRA}# tojax: inputs=({inputs},)\ndef f(x):\n    {torch_body}\n",
        f"{JAX}{EXTRA}def f(x):\n    {jax_body}\n",
    )


def module(torch_init: str, forward: str, jax_init: str, call: str) -> Pair:
    def text(base: str, init: str, method: str, body: str, rngs: str = "") -> str:
        return (
            f"class Model({base}):\n    def __init__(self{rngs}):\n        super().__init__()\n"
            f"        {init}\n    def {method}(self, x):\n        {body}\n"
        )

    directive = "# tojax: init=() inputs=(float32[3, 4],)\n"
    return (
        TORCH + EXTRA + directive + text("nn.Module", torch_init, "forward", forward),
        JAX + text("nnx.Module", jax_init, "__call__", call, ", *, rngs"),
    )


def training(optimizer: str, transformation: str) -> Pair:
    return (
        f"""{TORCH}
def setup():
    model = nn.Linear(4, 3)
    return model, torch.optim.{optimizer}, torch.randn(8, 4)

# tojax: inputs=setup()
def step(model, optimizer, x):
    optimizer.zero_grad()
    loss = (model(x) ** 2).mean()
    loss.backward()
    optimizer.step()
    return loss
""",
        f"""{JAX}import optax
def setup(*, rngs):
    model = nnx.Linear(4, 3, rngs=rngs)
    optimizer = nnx.Optimizer(model, optax.{transformation}, wrt=nnx.Param)
    return model, optimizer, jax.random.normal(rngs(), (8, 4))

@nnx.jit
def step(model, optimizer, x):
    loss, grads = nnx.value_and_grad(lambda m: (m(x) ** 2).mean())(model)
    optimizer.update(model, grads)
    return loss
""",
    )
