"""Small programs in which names share memory: translated right or reported, never silently wrong.

Programs are made from a seed: views, containers, objects, closures and layers show arrays, and
statements change these in place. PyTorch runs the original, JAX the translation.
"""

from __future__ import annotations

import collections
import random
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
import torch

from tojax.translate import translate

PROGRAMS = 600
LEAST = 100  # programs that must be translated completely
_VALUES = np.array([[1, -2, 3, -4], [5, -6, 7, -8]], np.float32)
_HEADER = """
import torch
import torch.nn.functional as F
from torch import nn


class Box:
    def __init__(self, h):
        self.h = h

    def bump(self):
        self.h.add_(1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.Sequential(nn.Identity(), nn.ReLU(inplace=True))

    def forward(self, x):
        return self.act(x) * 2
"""
_VIEWS = (
    "{t}.view(-1)", "{t}.detach()", "{t}[1:]", "{t}[...]", "{t}.reshape(-1)", "{t}.T", "{t}.data",
    "{t}.chunk(2)[0]", "{t}.unbind(0)[0]", "{t}.narrow(0, 0, 1)", "{t}.select(0, 0)", "{t}[0]",
    "{t}.expand_as({t})", "{t}.squeeze()", "{t}.unsqueeze(0)", "{t}.contiguous()", "{t}[:, 0]",
    "torch.flatten({t})", "torch.transpose({t}, 0, -1)", "{t}.to(torch.float32)", "{t}.float()",
    "{t}.permute(1, 0)", "torch.chunk({t}, 2)[1]", "torch.from_numpy({t}.numpy())",
    "nn.Identity()({t})", "torch.diagonal({t})",
)  # fmt: skip
_FRESH = ("{t} + 1", "{t} * 2", "{t}.clone()", "torch.relu({t})", "torch.ones(2, 4)", "{t}.flip(0)")
_CALLS = (
    "{t}.add_({k})", "{t}.mul_({k})", "F.relu({t}, inplace=True)", "F.leaky_relu({t}, 0.5, True)",
    "torch.relu_({t})", "{t}.fill_({k})", "nn.ReLU(inplace=True)({t})", "Block()({t})",
)  # fmt: skip
_WRITES = (
    *_CALLS, "{v} += {k}", "{v} *= {k}", "{t}.zero_()", "{t}[0] = {k}", "{t}[0] += {k}",
    "{t}.copy_({v})", "torch.add({t}, {k}, out={v})", "{t}[:1] *= {k}", "{t}[{t} > 1] = {k}",
    "{t}.index_fill_(0, torch.tensor([0]), {k})", "{t}.data = {v} + {k}", "{t}[0].add_({k})",
    "{t}[0][0] = {k}", "{t}.view(-1)[0] = {k}",
)  # fmt: skip
_CONTAINERS = {
    "xs": (
        "{n} = [{t}, {v}]", "{n} = [{t}]\n    {n}.append({v})", "{n} = ({t}, {v})",
        "{n} = [z for z in ({t}, {v})]", "{n} = [{t}] + [{v}]", "{n} = list({v}.chunk(2))",
    ),
    "d": ("{n} = {{'a': {t}}}", "{n} = {{}}\n    {n}['a'] = {t}", "{n} = dict(a={t})"),
    "o": ("{n} = Box({t})",),
}  # fmt: skip
_CONTENTS = {"xs": "{n}[0]", "d": "{n}['a']", "o": "{n}.h"}
_USES = {
    "xs": ("for z in {n}:\n        z += {k}", "for z in {n}:\n        z.mul_(2)", "{n}[0] += {k}"),
    "d": ("for z in {n}.values():\n        z += {k}", "{n}['a'].mul_({k})", "{n}['a'][0] = {k}"),
    "o": ("{n}.bump()", "{n}.h.mul_(2)", "{n}.h += 1", "{n}.h = {t}"),
}  # fmt: skip


class _Program:
    """The text of one program."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._tensors: list[str] = []
        self._containers: list[tuple[str, str]] = []
        self._functions: list[str] = []
        parts = [_HEADER]
        if self._random.random() < 0.4:
            parts.append(self._function("f", "x, y", self._random.randint(1, 2)))
            self._functions.append("f")
        given = "x: torch.Tensor, y: torch.Tensor"
        parts.append(self._function("run", given, self._random.randint(1, 4)))
        self.text = "\n\n".join(parts)

    def _function(self, name: str, given: str, count: int) -> str:
        self._tensors, self._containers = ["x", "y"], []
        lines = ["x = x.clone()"] if name == "run" and self._random.random() < 0.5 else []
        lines += [self._statement() for _ in range(count)]
        shown = [*self._tensors, *(self._content(c) for c in self._containers)]
        self._random.shuffle(shown)
        kept = shown[: self._random.randint(1, len(shown))]
        returned = kept[0] if name == "f" else f"[{', '.join(kept)}]"
        body = "".join(f"    {line}\n" for line in [*lines, f"return {returned}"])
        return f"def {name}({given}):\n{body}"

    def _fill(self, texts: tuple[str, ...], name: str = "") -> str:
        text = self._random.choice(texts)
        number = self._random.randint(1, 9)
        variable = self._random.choice(self._tensors)
        return text.format(t=self._tensor(), v=variable, k=number, n=name)

    def _content(self, container: tuple[str, str]) -> str:
        tag, name = container
        return _CONTENTS[tag].format(n=name)

    def _tensor(self) -> str:
        draw = self._random.random()
        if draw < 0.2 and self._containers:
            return self._content(self._random.choice(self._containers))
        name = self._random.choice(self._tensors)
        return self._random.choice(_VIEWS).format(t=name) if draw > 0.8 else name

    def _new(self, prefix: str) -> str:
        return f"{prefix}{len(self._tensors) + len(self._containers)}"

    def _statement(self) -> str:
        draw = self._random.random()
        if draw < 0.3:
            name = self._new("v")
            made = self._fill((*_VIEWS, *_VIEWS, *_FRESH, *_CALLS, "{t}", *self._calls()))
            self._tensors.append(name)
            return f"{name} = {made}"
        if draw < 0.45:
            tag = self._random.choice(list(_CONTAINERS))
            name = self._new(tag)
            text = self._fill(_CONTAINERS[tag], name)
            self._containers.append((tag, name))
            return text
        if draw < 0.55 and self._containers:
            tag, name = self._random.choice(self._containers)
            return self._fill(_USES[tag], name)
        if draw < 0.6:
            head = self._random.choice(("for _ in range(2):", "if len(y) > 1:"))
            return f"{head}\n        {self._fill(_WRITES)}"
        if draw < 0.65:
            name = self._new("v")
            text = self._fill(("return {v}", "return {v}.mul_({k})", "return {v}[0]"))
            self._tensors.append(name)
            return f"def g_{name}():\n        {text}\n    {name} = g_{name}()"
        return self._fill((*_WRITES, *self._calls()))

    def _calls(self) -> tuple[str, ...]:
        return ("f({t}, {v})", "f({v}, {v})", "f({v}, {t})") * len(self._functions)


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, list | tuple):
        return [array for item in value for array in _arrays(item)]
    return [np.array(value.detach().numpy() if isinstance(value, torch.Tensor) else value)]


def _run(code: str, *arguments: Any) -> list[np.ndarray]:
    names: dict[str, Any] = {"__name__": "program"}
    exec(code, names)
    return _arrays(names["run"](*arguments))


def _differ(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return len(ours) != len(theirs) or any(
        a.shape != b.shape or not np.allclose(a, b) for a, b in zip(ours, theirs, strict=True)
    )


def _outcome(text: str) -> str:
    try:
        expected = _run(text, torch.tensor(_VALUES), torch.tensor(_VALUES[::-1].copy()))
    except (RuntimeError, IndexError, TypeError, NotImplementedError):
        return "invalid"  # PyTorch refuses it
    translation = translate(text)
    if translation.unresolved:
        return "reported"
    try:
        found = _run(translation.code, jnp.array(_VALUES), jnp.array(_VALUES[::-1]))
    except (AttributeError, NameError, TypeError, ValueError):
        return "loud"
    return "wrong" if _differ(found, expected) else "right"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_change_is_lost_without_a_word() -> None:
    """Where results differ from PyTorch's, the output says so, or fails when it is run."""
    counts: collections.Counter[str] = collections.Counter()
    for seed in range(PROGRAMS):
        text = _Program(seed).text
        outcome = _outcome(text)
        counts[outcome] += 1
        assert outcome != "wrong", text.removeprefix(_HEADER)
    assert counts["right"] >= LEAST, counts
