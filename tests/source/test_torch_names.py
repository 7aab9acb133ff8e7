"""The list of PyTorch's attributes is that of the pinned version."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from tojax.translate.passes.introspection import TORCH_VERSION

_ROOT = Path(__file__).parents[2]


def test_the_list_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("names", _ROOT / "tools" / "torch_names.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stored = json.loads((_ROOT / "rules" / "torch_names.json").read_text(encoding="utf-8"))
    assert stored == module.table()


def test_the_version_is_the_pinned_one() -> None:
    pinned = (_ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert f"torch=={TORCH_VERSION}" in pinned
