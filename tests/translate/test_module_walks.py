"""What a walk over modules finds in the translation, PyTorch finds too."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx

import tojax

BODY = """
from collections import OrderedDict

import torch
from torch import nn


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.act = nn.ReLU()
        self.pool = nn.AvgPool1d(2)
        self.head = nn.Linear(2, 3)

    def forward(self, x):
        return self.head(self.pool(self.act(self.fc(x))))

"""
PROGRAMS = {
    "a part of the layers": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(*list(Body().children())[:-1])

    def forward(self, x):
        return self.features(x)
""",
    "in the loop": """
class Net(Body):
    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x
""",
    "by name": """
class Net(Body):
    def forward(self, x):
        for name, layer in self.named_children():
            if name == "head":
                return x
            x = layer(x)
""",
    "the table of a sequence": """
class Pairs(nn.Sequential):
    def forward(self, x, y):
        for i, layer in enumerate(self._modules.values()):
            x = layer(x) + y * i
        return x * len(self._modules)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pairs = Pairs(nn.Linear(4, 4), nn.Tanh(), nn.Sigmoid())

    def forward(self, x):
        return self.pairs(x, x)
""",
    "the table by name": """
class Net(Body):
    def forward(self, x):
        y = 0
        for name, layer in self._modules.items():
            if name not in ("pool", "head"):
                y = y + layer(x) * len(name)
        return y
""",
    "the last of a module": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(OrderedDict([("fc", nn.Linear(4, 4)), ("act", nn.Softplus())]))

    def forward(self, x):
        return list(self.body.children())[-1](x)
""",
    "a test for modules": """
class Block(nn.Module):
    default = nn.SiLU()

    def __init__(self, act=True):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.act = act if isinstance(act, nn.Module) else self.default if act else nn.Identity()

    def forward(self, x):
        return self.act(self.fc(x))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(nn.Tanh()), Block(), Block(False), Block(nn.ELU(0.5)))

    def forward(self, x):
        return self.blocks(x)
""",
}
PROGRAMS["attributes of a sequence"] = """
class Transition(nn.Sequential):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(4, width)
        self.scale = 3
        self.act = nn.ReLU()
        self.add_module("last", nn.Linear(width, 4))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(Transition(5), nn.Tanh())

    def forward(self, x):
        return self.body(x) * self.body[0].scale + len(self.body[0])
"""
PROGRAMS["the table of some module"] = """
def through(block, x):
    for layer in block._modules.values():
        x = layer(x)
    return x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential()
        self.blocks.add_module("first", nn.Sequential(nn.Linear(4, 4), nn.ReLU()))

    def forward(self, x):
        for block in self.blocks._modules.values():
            x = through(block, x)
        return x
"""
PROGRAMS["attributes of classes"] = """
class Net(Body):
    act_layer = nn.Hardtanh
    last = nn.Tanh()

    def forward(self, x):
        return self.last(self.act_layer(-0.5, 0.5)(self.fc(x)))
"""


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_same_result(program: str) -> None:
    source = BODY + program
    translation = tojax.translate(source)
    assert not translation.unresolved
    theirs: dict[str, Any] = {}
    ours: dict[str, Any] = {}
    exec(compile(source, "torch", "exec"), theirs)
    exec(compile(translation.code, "jax", "exec"), ours)
    model = theirs["Net"]()
    made = ours["Net"](rngs=nnx.Rngs(0))
    tojax.load_state_dict(made, model.state_dict())
    x = torch.randn(2, 3, 4)
    expected = model(x).detach().numpy()
    call = nnx.jit(lambda model, x: model(x))
    for found in (made(jnp.asarray(x.numpy())), call(made, jnp.asarray(x.numpy()))):
        assert np.allclose(found, expected, atol=1e-5)


def test_a_search_for_layers_of_a_class_leaves_functions() -> None:
    translation = tojax.translate(
        BODY
        + """
class Net(Body):
    def start(self):
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.zeros_(m.weight)
"""
    )
    assert "self.act = jax.nn.relu" in translation.code
