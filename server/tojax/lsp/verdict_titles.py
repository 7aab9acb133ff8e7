"""How verdicts and costs read above a class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

_PARTS = {
    "outputs match": "outputs",
    "gradients match": "gradients",
    "jits": "jit",
    "training step matches": "training step",
}
_SHOWN = 3  # of what did not run
_TIMES = "\N{MULTIPLICATION SIGN}"


def verdict_title(verdict: dict[str, Any]) -> str:
    """A verdict in one line: ``verified: outputs, gradients and jit match, 1.8x PyTorch``."""
    if verdict["status"] == "verified":
        passed = list(_passed(verdict))
        text = f"verified: {_listed(passed)} match" if passed else "verified"
        torch, jax = verdict["torch_seconds"], verdict["jax_seconds"]
        if torch and jax:
            ratio = torch / jax
            text += f", {ratio:.2g}" if ratio < 10 else f", {ratio:.0f}"
            text += f"{_TIMES} PyTorch"
        remark = f"; {_short(verdict['message'])}" if verdict["message"] else ""
        return text + remark + _unreached(verdict["unreached"])
    label = "differs" if verdict["status"] == "differs" else "not verified"
    return f"{label}: {_short(verdict['message'])}"


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= 120 else text[:117] + "…"


def _unreached(places: Sequence[str]) -> str:
    """What the verdict does not speak of, or nothing."""
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return f"; not run: {', '.join(places[:_SHOWN])}{more}" if places else ""


def _passed(verdict: dict[str, Any]) -> Iterator[str]:
    for evidence in verdict["evidence"]:
        if evidence["outcome"] == "passed" and evidence["rung"] in _PARTS:
            yield _PARTS[evidence["rung"]]


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def cost_title(cost: dict[str, Any]) -> str:
    """A cost in one line: ``1.2 MFLOP, 34 kB``; empty where JAX does not tell."""
    parts = []
    if cost.get("flops"):
        parts.append(f"{_scaled(cost['flops'])}FLOP")
    if cost.get("bytes"):
        parts.append(f"{_scaled(cost['bytes'])}B")
    return ", ".join(parts)


def _scaled(number: float) -> str:
    for prefix in ("", "k", "M", "G"):
        if number < 1000:
            return f"{number:.3g} {prefix}"
        number /= 1000
    return f"{number:.3g} T"
