"""Imports and aliases resolve to PyTorch's qualified names."""

from __future__ import annotations

import pytest

from tests.source.reading import described
from tojax.source import analyse


@pytest.mark.parametrize(
    ("imports", "call", "name"),
    [
        ("import torch", "torch.nn.Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("import torch.nn", "torch.nn.Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("import torch.nn as nn", "nn.Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("from torch import nn", "nn.Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("from torch import nn as layers", "layers.Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("from torch.nn import Conv2d as C", "C(1, 2, 3)", "torch.nn.Conv2d"),
        ("import torch", "torch.nn.modules.conv.Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("from torch.nn.modules.conv import Conv2d", "Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("from torch.nn.modules import Conv2d", "Conv2d(1, 2, 3)", "torch.nn.Conv2d"),
        ("from torch.nn.parameter import Parameter", "Parameter(a)", "torch.nn.Parameter"),
        ("import torch.nn.functional as F", "F.relu(a)", "torch.nn.functional.relu"),
        ("from torch.nn import functional as F", "F.relu(a)", "torch.nn.functional.relu"),
        ("from torch.nn.functional import relu", "relu(a)", "torch.nn.functional.relu"),
        ("import torch, os as system", "torch.relu(a)", "torch.relu"),
        ("from torch import (\n    nn,\n    relu,\n)", "relu(a)", "torch.relu"),
        ("from torch.optim.adam import Adam", "Adam(a)", "torch.optim.Adam"),
        ("import torch.utils.data as data", "data.DataLoader(a)", "torch.utils.data.DataLoader"),
        ("from torch import Tensor as T", "T(a)", "torch.Tensor"),
    ],
)
def test_a_call_under_an_import(imports: str, call: str, name: str) -> None:
    assert (name, call) in described(f"{imports}\nresult = {call}\n", "call")


def test_imports_are_constructs() -> None:
    source = (
        "import torch\nimport torch.nn as nn, os\nfrom torch import optim, Tensor as T\n"
        "from torch.nn import *\nimport torchvision\nfrom . import torch as mine\nimport numpy\n"
    )
    assert described(source, "import") == [
        ("torch", "torch"),
        ("torch.nn", "torch.nn as nn"),
        ("torch.optim", "optim"),
        ("torch.Tensor", "Tensor as T"),
        ("torch.nn", "*"),
    ]


def test_an_import_inside_a_function() -> None:
    source = "def f(a):\n    import torch.nn.functional as F\n    return F.relu(a)\n"
    assert described(source, "call") == [("torch.nn.functional.relu", "F.relu(a)")]


def test_an_import_under_a_condition() -> None:
    source = (
        "try:\n    import torch\nexcept ImportError:\n    torch = None\n\n"
        "def f(a):\n    return torch.sigmoid(a)\n"
    )
    assert analyse(source).uses_torch
    source = "if True:\n    import torch\n\ndef f(a):\n    return torch.sigmoid(a)\n"
    assert described(source, "call") == [("torch.sigmoid", "torch.sigmoid(a)")]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import numpy as torch\ntorch.zeros(3)\nx = torch.ones(2)\nx[0] = 1\n",
        "from . import torch\ntorch.zeros(3)\n",
        "from .torch import zeros\nzeros(3)\n",
        "import torchvision\nmodel = torchvision.models.resnet18()\nmodel.eval()\n",
        "torch = 3\nx = '''\nimport torch\n'''\n",
        "# import torch\nx[0] = 1\n",
        "import pytorch_lightning as pl\nclass M(pl.LightningModule):\n    pass\n",
    ],
)
def test_a_file_without_pytorch(source: str) -> None:
    analysed = analyse(source)
    assert not analysed.uses_torch
    assert analysed.constructs == [] and analysed.errors == []


def test_a_local_name_hides_an_import() -> None:
    source = "from torch.nn.functional import relu\n\ndef f(relu, a):\n    return relu(a)\n"
    assert described(source, "call") == []


def test_names_that_only_look_alike() -> None:
    source = "import torch\nimport mytorch\nmytorch.zeros(2)\nself.torch.zeros(2)\n"
    assert described(source, "call", "method") == []


def test_a_dotted_name_is_one_construct() -> None:
    source = "import torch\nkind = torch.nn.functional.relu\ndtype = torch.float64\n"
    assert described(source, "attribute") == [
        ("torch.nn.functional.relu", "torch.nn.functional.relu"),
        ("torch.float64", "torch.float64"),
    ]
