"""How much of PyTorch's public API a translation knows: `tojax rules coverage`."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from typing import Literal

from tojax.rules.index import RuleIndex
from tojax.rules.library import rules_folder
from tojax.rules.modules import Rule
from tojax.source.names import canonical

# What passes translate as a whole statement, class or training step, and what arrays have too.
BY_PASSES = frozenset(
    f"{owner}.{name}"
    for owner, names in {
        "torch": "no_grad enable_grad inference_mode set_grad_enabled manual_seed",
        "torch.amp": "autocast",
        "torch.autograd": "no_grad enable_grad inference_mode set_grad_enabled detect_anomaly "
        "set_detect_anomaly",
        "torch.autograd.profiler": "profile record_function",
        "torch.profiler": "record_function",
        "torch.nn.attention": "sdpa_kernel",
        "torch.nn.utils.parametrize": "cached",
        "torch.cuda": "device stream",
        "torch.cuda.nvtx": "range",
        "torch.backends.cudnn": "allow_tf32 benchmark benchmark_limit deterministic enabled "
        "flags set_flags",
        "torch.backends.mkldnn": "allow_tf32 deterministic enabled set_flags",
        "torch.backends.cuda": "sdp_kernel enable_cudnn_sdp",
        "torch.Tensor": "backward shape dtype ndim device data real imag T mT itemsize nbytes",
        "torch.nn.Module": "train eval forward training zero_grad register_buffer "
        "register_parameter register_module add_module",
        "torch.optim.Optimizer": "step zero_grad",
    }.items()
    for name in names.split()
)

Status = Literal["translated", "advised", "unknown"]


@dataclass
class Coverage:
    """The public names of one namespace or class, by what becomes of them.

    ``advised`` are those that are left as they are, marked with advice of their own; of those that
    are ``unknown`` the mark only says that there is no rule.
    """

    namespace: str
    translated: list[str] = field(default_factory=list)
    advised: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many public names there are."""
        return len(self.translated) + len(self.advised) + len(self.unknown)


def coverage(index: RuleIndex) -> list[Coverage]:
    """What becomes of every public name of PyTorch's, per namespace."""
    path = rules_folder() / "torch_names.json"
    names: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    found = []
    for namespace in sorted(names):
        entry = Coverage(namespace)
        for name in names[namespace]:
            getattr(entry, status(index, f"{namespace}.{name}")).append(name)
        found.append(entry)
    return found


def status(index: RuleIndex, name: str) -> Status:
    """What a translation does with a public name."""
    name = canonical(name)
    rule = index.rule(name) or index.functions.get(name.removesuffix("_"))
    if rule is not None:
        return "advised" if _only_refuses(rule) else "translated"
    if name in index or name in BY_PASSES:
        return "translated"
    return "advised" if index.advice(name) else "unknown"


def _only_refuses(rule: Rule) -> bool:
    """Whether all that a rule does is to say why there is no JAX form."""
    first, *rest = rule.node.body
    if isinstance(first, ast.Expr) and rest:
        first = rest[0]
    return isinstance(first, ast.Raise)


def table(found: list[Coverage]) -> str:
    """The counts as text, one line for each namespace and the total."""
    total = Coverage("total")
    for entry in found:
        total.translated += entry.translated
        total.advised += entry.advised
        total.unknown += entry.unknown
    width = max(len(entry.namespace) for entry in found)
    lines = [f"{'':{width}}  translated  advised  unknown  known"]
    lines += [
        f"{entry.namespace:{width}}{len(entry.translated):12}{len(entry.advised):9}"
        f"{len(entry.unknown):9}{1 - len(entry.unknown) / entry.total:7.1%}"
        for entry in [*found, total]
    ]
    return "\n".join(lines)
