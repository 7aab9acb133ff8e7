"""The index of the rules: built once, kept by content, never in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tojax.rules import cache
from tojax.rules.index import RuleIndex
from tojax.rules.library import rules_folder

RULE = '@torch_api("torch.{name}")\ndef {name}(input: Array) -> Array:\n    return input\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "_FOLDER", tmp_path / "cache")
    library = tmp_path / "api"
    library.mkdir()
    (library / "one.py").write_text(RULE.format(name="sin"))
    return library


def test_the_second_index_parses_only_what_is_asked_for(folder: Path) -> None:
    (folder / "two.py").write_text(RULE.format(name="cos"))
    first, second = RuleIndex(folder), RuleIndex(folder)
    assert first.names() == second.names() == {"torch.sin", "torch.cos"}
    (folder / "two.py").unlink()  # whoever reads it now fails
    rule = second.rule("torch.sin")
    assert rule is not None and rule.node.name == "sin"


def test_a_changed_module_is_seen(folder: Path) -> None:
    assert RuleIndex(folder).names() == {"torch.sin"}
    (folder / "one.py").write_text(RULE.format(name="tan"))
    assert RuleIndex(folder).names() == {"torch.tan"}


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff"])
def test_a_damaged_cache_is_left_aside(folder: Path, damage: bytes) -> None:
    RuleIndex(folder)
    entries = list((folder.parent / "cache").iterdir())
    assert len(entries) == 1
    entries[0].write_bytes(damage)
    assert RuleIndex(folder).names() == {"torch.sin"}


def test_without_a_place_for_the_cache_all_works(folder: Path) -> None:
    (folder.parent / "cache").write_text("a file where the folder would be")
    assert RuleIndex(folder).names() == {"torch.sin"}


def test_the_cached_index_is_the_same_as_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_FOLDER", tmp_path)

    def contents() -> list[Any]:
        index = RuleIndex(rules_folder() / "api")
        tables = (index.functions, index.layers, index.properties)
        return [
            {name: (rule.home, rule.definition, rule.names, rule.fields, dict(rule.state))}
            for table in tables
            for name, rule in table.items()
        ]

    assert contents() == contents()
