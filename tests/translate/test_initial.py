"""New parameters start like Flax's or, if that is chosen, with PyTorch's distributions."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from flax import nnx
from scipy.stats import ks_2samp, kstest

from tojax.pyproject import PyprojectError, initialisation
from tojax.translate import translate, translate_project
from tojax.weights import state_dict

LAYERS = {
    "linear": "nn.Linear(60, 90)",
    "computed size": "nn.Linear(10 * 6, 90)",
    "linear without bias": "nn.Linear(60, 90, bias=False)",
    "touched linear": "touched(nn.Linear(60, 90))",
    "lazy linear": "nn.LazyLinear(90)",
    "conv1d": "nn.Conv1d(12, 200, 5)",
    "conv2d": "nn.Conv2d(8, 200, 3, groups=2)",
    "conv3d": "nn.Conv3d(2, 200, 3)",
    "transposed1d": "nn.ConvTranspose1d(12, 200, 5)",
    "transposed2d": "nn.ConvTranspose2d(8, 200, 3, groups=2)",
    "transposed3d": "nn.ConvTranspose3d(4, 100, 3)",
    "spread": "make(12, 200, kernel_size=5)",
    "value": "layer(12, 200, 5)",
    "subclass": "Own(12, 200)",
    "subclass without a constructor": "Scaled(60, 90)",
    "bilinear": "nn.Bilinear(6, 9, 100)",
    "embedding": "nn.Embedding(90, 40)",
    "embedding with padding": "nn.Embedding(90, 40, padding_idx=0)",
    "embedding bag": "nn.EmbeddingBag(90, 40)",
    "rnn": "nn.RNN(9, 30)",
    "lstm": "nn.LSTM(9, 30, num_layers=2, bidirectional=True, proj_size=7)",
    "gru": "nn.GRU(9, 30)",
    "lstm cell": "nn.LSTMCell(9, 30)",
    "attention": "nn.MultiheadAttention(40, 4, add_bias_kv=True)",
    "attention of other sizes": "nn.MultiheadAttention(40, 4, kdim=30, vdim=20)",
    "encoder layer": "nn.TransformerEncoderLayer(32, 4, 64)",
    "decoder layer": "nn.TransformerDecoderLayer(32, 4, 64)",
    "transformer": "nn.Transformer(32, 4, 1, 1, 64)",
    "loss": "nn.LinearCrossEntropyLoss(40, 60, bias=True)",
    "layer norm": "nn.LayerNorm(40)",
    "several axes": "nn.LayerNorm((4, 10))",
    "batch norm": "nn.BatchNorm2d(40)",
    "group norm": "nn.GroupNorm(4, 40)",
    "prelu": "nn.PReLU(5)",
}
SOURCE = """
import torch
import torch.nn as nn


def touched(layer):
    layer.weight
    return layer


def make(*args, **kwargs):
    return nn.Conv1d(*args, **kwargs)


class Own(nn.Conv1d):
    def __init__(self, channels, out):
        super().__init__(channels, out, 5)


class Scaled(nn.Linear):
    def forward(self, x):
        return 2 * super().forward(x)


class Model(nn.Module):
    def __init__(self, layer=nn.Conv1d):
        super().__init__()
        self.layer = {layer}

    def forward(self, x):
        return self.layer(x)
"""
SIGNIFICANCE = 1e-4


def _source(layer: str) -> str:
    needed = [
        p for p in SOURCE.strip().split("\n\n\n")[1:-1] if p.split("(")[0].split()[1] in layer
    ]
    head, model = SOURCE.strip().split("\n\n\n")[0], SOURCE.strip().split("\n\n\n")[-1]
    return "\n\n\n".join([head, *needed, model.replace("{layer}", layer)]) + "\n"


def _run(code: str) -> SimpleNamespace:
    space: dict[str, Any] = {"__name__": "made"}
    exec(compile(code, "made", "exec"), space)
    return SimpleNamespace(**space)


def _states(
    name: str, init: Any
) -> tuple[list[dict[str, np.ndarray]], list[dict[str, np.ndarray]]]:
    """States of PyTorch's layer and of ours, for some seeds."""
    source = _source(LAYERS[name])
    translation = translate(source, init=init)
    assert translation.unresolved == ()
    theirs, ours = _run(source), _run(translation.code)
    expected, actual = [], []
    for seed in range(3):
        torch.manual_seed(seed)
        module, layer = theirs.Model(), ours.Model(**_keys(ours.Model, seed))
        if name.startswith(("lazy", "subclass without")):
            module(torch.zeros(2, 60)), layer(np.zeros((2, 60), np.float32))
        expected.append({k: v.numpy() for k, v in module.state_dict().items()})
        actual.append(state_dict(layer))
    return expected, actual


def _keys(cls: type, seed: int) -> dict[str, Any]:
    return {"rngs": nnx.Rngs(seed)} if "rngs" in cls.__init__.__code__.co_varnames else {}


@pytest.mark.parametrize("name", LAYERS)
def test_with_torch_every_parameter_has_pytorchs_distribution(name: str) -> None:
    expected, actual = _states(name, "torch")
    for key in expected[0]:
        want = np.concatenate([state[key].ravel() for state in expected]).astype(float)
        have = np.concatenate([state[key].ravel() for state in actual]).astype(float)
        assert want.shape == have.shape
        if len(set(want)) <= 2:
            np.testing.assert_array_equal(have, want)
            continue
        bound = np.abs(want).max()
        assert ks_2samp(have, want).pvalue > SIGNIFICANCE, key
        assert have.std() == pytest.approx(want.std(), rel=5 / np.sqrt(len(want))), key
        if kstest(want, "uniform", (-bound, 2 * bound)).pvalue > 0.01:
            assert np.abs(have).max() == pytest.approx(bound, rel=20 / len(want)), key
        assert not np.array_equal(actual[0][key], actual[1][key]), key


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("linear", {"weight": 60**-0.5, "bias": 0}),
        ("touched linear", {"weight": 60**-0.5, "bias": 0}),
        ("conv2d", {"weight": 36**-0.5, "bias": 0}),
        ("spread", {"weight": 60**-0.5, "bias": 0}),
        ("transposed1d", {"weight": 60**-0.5, "bias": 0}),
        ("embedding", {"weight": 40**-0.5}),
        ("embedding with padding", {"weight": 40**-0.5}),
    ],
)
def test_by_default_they_start_as_in_flax(name: str, deviation: dict[str, float]) -> None:
    """Flax's are ``lecun_normal`` with zero biases, and 1/√features for embeddings."""
    _, actual = _states(name, "flax")
    for key, wanted in deviation.items():
        values = np.concatenate([state[f"layer.{key}"][1:].ravel() for state in actual])
        assert values.std() == pytest.approx(wanted, rel=0.05)


@pytest.mark.parametrize(
    ("layer", "flax", "like_torch"),
    [
        (
            "nn.Linear(width, 10)",
            "nnx.Linear(width, 10, rngs=rngs)",
            "nnx.Linear(width, 10, kernel_init=uniform_by(width), bias_init=uniform_by(width), "
            "rngs=rngs)",
        ),
        (
            "nn.Linear(2 * width, 10, bias=False)",
            "nnx.Linear(2 * width, 10, use_bias=False, rngs=rngs)",
            "nnx.Linear(2 * width, 10, use_bias=False, kernel_init=uniform_by(2 * width), "
            "rngs=rngs)",
        ),
        (
            "nn.Linear(int(width), 10)",
            "nnx.Linear(int(width), 10, rngs=rngs)",
            "Linear(int(width), 10, kernel_init=uniform_weight, bias_init=uniform_weight, "
            "rngs=rngs)",
        ),
        (
            "nn.Conv2d(3, 8, 3, padding=1)",
            "Conv2d(3, 8, 3, padding=1, rngs=rngs)",
            "Conv2d(3, 8, 3, padding=1, kernel_init=uniform_weight, bias_init=uniform_weight, "
            "rngs=rngs)",
        ),
        (
            "nn.Embedding(10, width)",
            "nnx.Embed(10, width, rngs=rngs)",
            "nnx.Embed(10, width, embedding_init=nnx.initializers.normal(1.0), rngs=rngs)",
        ),
        ("nn.GRU(4, 5)", "GRU(4, 5, rngs=rngs)", "GRU(4, 5, rngs=rngs)"),
        (
            "nn.MultiheadAttention(8, 2)",
            "MultiheadAttention(8, 2, rngs=rngs)",
            "MultiheadAttention(8, 2, out_kernel_init=uniform_weight, rngs=rngs)",
        ),
    ],
)
def test_the_layer_says_how_it_starts(layer: str, flax: str, like_torch: str) -> None:
    source = f"import torch.nn as nn\n\n\ndef make(width):\n    return {layer}\n"
    assert translate(source).code.endswith(f"    return {flax}\n")
    assert translate(source, init="torch").code.endswith(f"    return {like_torch}\n")


def test_names_of_the_users_stay() -> None:
    source = "import torch.nn as nn\n\nuniform_by = 3\n\n\ndef f(n):\n    return nn.Linear(n, 2)\n"
    code = translate(source, init="torch").code
    assert "kernel_init=_uniform_by(n)" in code and "uniform_by = 3" in code
    _run(code).f(2, rngs=nnx.Rngs(0))


def test_only_classes_that_may_be_called_get_their_initializers_bound() -> None:
    source = """
import torch.nn as nn

KINDS = (nn.Conv1d, nn.Conv2d)
names = {nn.Conv1d: "conv1d"}
table = {"conv1d": nn.Conv1d}


def build(layer=nn.Conv1d, kind: type[nn.Conv2d] = nn.Conv2d):
    made = [nn.Conv1d, nn.ReLU][0](1, 2, 3)
    wanted = nn.Conv1d
    assert isinstance(made, (nn.Conv1d, nn.Conv2d)) and type(made) is nn.Conv1d
    assert isinstance(made, KINDS) and isinstance(made, wanted)
    return made, layer(1, 2, 3), kind(1, 2, 3), table[names[type(made)]](1, 2, 3)
"""
    space = _run(translate(source, init="torch").code)
    for layer in space.build(rngs=nnx.Rngs(0)):
        assert np.abs(layer.bias[...]).max() > 0


def test_a_project_starts_alike() -> None:
    files = {"a.py": "import torch.nn as nn\nlayers = [nn.Conv1d(1, 2, 3)]\n"}
    made = translate_project(files, init="torch")
    assert "kernel_init=uniform_weight" in made["a.py"].code
    assert "def uniform_weight" in made["_jax_helpers.py"].code
    ast.parse(made["_jax_helpers.py"].code)


def test_the_setting_of_the_project(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    settings = tmp_path / "pyproject.toml"
    settings.write_text('[tool.tojax]\nignore = ["TJ101"]\n', encoding="utf-8")
    assert initialisation(inside) == "flax"
    settings.write_text('[tool.tojax]\ninit = "torch"\n', encoding="utf-8")
    assert initialisation(inside) == "torch"
    for wrong in ('[tool.tojax]\ninit = "keras"\n', "[tool]\ntojax = 1\n", "[tool"):
        settings.write_text(wrong, encoding="utf-8")
        with pytest.raises(PyprojectError):
            initialisation(inside)
