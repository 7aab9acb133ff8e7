"""What `tojax rules coverage` says of a name is what a translation does with it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import pytest

from tojax.coverage import BY_PASSES, Coverage, coverage, status
from tojax.rules.index import rule_index
from tojax.source.names import canonical
from tojax.translate import translate

_CLASSES = {
    "torch.Tensor": "x: torch.Tensor",
    "torch.nn.Module": "m: torch.nn.Module",
    "torch.optim.Optimizer": "o: torch.optim.Optimizer",
    "torch.distributions.Distribution": "d: torch.distributions.Normal",
}
_SNIPPETS = {
    "torch.manual_seed": "def f():\n    torch.manual_seed(0)\n    return torch.rand(2)",
    "torch.Tensor.backward": """
def step(model, optimizer, x):
    optimizer.zero_grad()
    loss = model(x).sum()
    loss.backward()
    optimizer.step()

def main(x):
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    step(model, optimizer, x)""",
    "torch.nn.Module.forward": """
class M(nn.Module):
    def forward(self, x):
        return x if self.training else -x

def main(x):
    m = M()
    m.train()
    m.eval()
    return m(x)""",
    "torch.nn.Module.register_buffer": """
class M(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.register_buffer("a", x)
        self.register_parameter("b", nn.Parameter(x))
        self.register_module("c", nn.Linear(2, 2))
        self.add_module("d", nn.Linear(2, 2))

    def forward(self, x):
        return self.d(self.c(x)) + self.a + self.b""",
    "torch.nn.Module.zero_grad": """
def main(x):
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.zero_grad()
    loss = model(x).sum()
    loss.backward()
    optimizer.step()""",
}
_TOGETHER = {
    "torch.Tensor.backward": ["torch.optim.Optimizer.step", "torch.optim.Optimizer.zero_grad"],
    "torch.nn.Module.forward": [f"torch.nn.Module.{n}" for n in ("train", "eval", "training")],
    "torch.nn.Module.register_buffer": [
        f"torch.nn.Module.{n}" for n in ("register_parameter", "register_module", "add_module")
    ],
}


@pytest.fixture(scope="module")
def found() -> list[Coverage]:
    return coverage(rule_index())


def test_at_least_nine_names_in_ten_are_known(found: list[Coverage]) -> None:
    total = sum(entry.total for entry in found)
    assert total > 3000
    assert sum(len(entry.unknown) for entry in found) / total <= 0.1


def test_names_that_are_not_translated_are_reported_as_said(found: list[Coverage]) -> None:
    """Every public name of a namespace, referred to as a value, is marked as coverage says."""
    index = rule_index()
    wanted = {}
    for entry in found:
        if entry.namespace not in _CLASSES:
            for kind in ("advised", "unknown"):
                wanted |= {f"{entry.namespace}.{name}": kind for name in getattr(entry, kind)}
    names = list(wanted)
    lines = [f"v{number} = {name}" for number, name in enumerate(names)]
    translation = translate("import torch\n" + "\n".join(lines) + "\n")
    reasons = {item.range.start.line - 1: item.reason for item in translation.unresolved}
    for number, name in enumerate(names):
        advice = index.advice(canonical(name))
        if not index.rule(canonical(name)):  # a rule that only refuses says why when it is called
            told = f"{canonical(name)}: {advice}" if advice else f"no rule for {canonical(name)}"
            assert reasons.get(number) == told
            assert bool(advice) == (wanted[name] == "advised")


def test_translated_names_leave_no_mark(found: list[Coverage]) -> None:
    names = [
        f"{entry.namespace}.{name}"
        for entry in found
        if entry.namespace not in _CLASSES
        for name in entry.translated
        if canonical(f"{entry.namespace}.{name}") not in BY_PASSES
    ]
    lines = [f"v{number} = {name}" for number, name in enumerate(names)]
    translation = translate("import torch\n" + "\n".join(lines) + "\n")
    lost = {names[item.range.start.line - 1] for item in translation.unresolved}
    # Translated as statements only; those of nn.init change their argument whatever their name.
    in_place = {n for n in lost if n.endswith("_") or n.startswith("torch.nn.init.")}
    assert not lost - in_place


def test_attributes_of_classes_are_reported_as_said(found: list[Coverage]) -> None:
    for entry in found:
        if entry.namespace != "torch.Tensor":
            continue
        names = [*entry.advised, *entry.unknown]
        body = "\n".join(f"    v{number} = x.{name}" for number, name in enumerate(names))
        translation = translate(f"import torch\ndef f({_CLASSES[entry.namespace]}):\n{body}\n")
        marked = {names[item.range.start.line - 2] for item in translation.unresolved}
        assert not set(names) - marked


def _snippets() -> Iterator[tuple[str, str]]:
    for name in sorted(BY_PASSES):
        owner, _, last = name.rpartition(".")
        if name in _SNIPPETS:
            yield name, _SNIPPETS[name]
        elif owner == "torch.Tensor":
            yield name, f"def f(x: torch.Tensor):\n    return x.{last}"
        elif owner.startswith("torch.backends.") and last in ("flags", "sdp_kernel"):
            yield name, f"with {name}():\n    x = torch.ones(2)"
        elif owner.startswith("torch.backends."):
            is_call = last.startswith(("set_", "enable_"))
            yield name, f"{name}(False)" if is_call else f"{name} = False"
        elif not any(name in names for names in _TOGETHER.values()):
            argument = "" if "no_grad" in name else "0"
            yield name, f"with {name}({argument}):\n    x = torch.ones(2)"


@pytest.mark.parametrize(("name", "snippet"), list(_snippets()))
def test_what_passes_translate(name: str, snippet: str) -> None:
    translation = translate(f"import torch\nimport torch.nn as nn\n\n{snippet}\n")
    assert not translation.unresolved
    assert "import torch" not in translation.code
    assert status(rule_index(), name) == "translated"


def test_the_closest_pattern_counts() -> None:
    index = rule_index()
    assert "portable program" in index.advice("torch.jit.save")
    assert "jit the step" in index.advice("torch.jit.trace")
    assert index.advice("torch.no_such_function") == ""


def test_what_advice_names_exists() -> None:
    roots = {
        "jax": "jax",
        "jnp": "jax.numpy",
        "nnx": "flax.nnx",
        "optax": "optax",
        "flax": "flax",
        "numpy": "numpy",
    }
    texts = {rule_index().advice(pattern) for pattern in rule_index().advised()}
    named = {match for text in texts for match in re.findall(r"\b[a-z]+(?:\.\w+)+", text)}
    checked = 0
    for dotted in sorted(named):
        root, *rest = dotted.split(".")
        if root in roots:
            value = importlib.import_module(roots[root])
            for part in rest:
                value = _attribute(value, part)
            checked += 1
    assert checked > 20


def _attribute(value: object, name: str) -> object:
    if hasattr(value, name):
        return getattr(value, name)
    return importlib.import_module(f"{getattr(value, '__name__', '')}.{name}")
