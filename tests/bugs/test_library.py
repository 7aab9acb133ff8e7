"""The fixed-bug library as files: what the loader takes, and what it refuses with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tojax.rules.bugs import Bug, BugFileError, explain_bug, load_bugs, parse_bug
from tojax.rules.patterns import Pattern

GOOD = """---
code: MY001
title: A pitfall
severity: warning
detect:
  - branch
  - call: [torch.std, torch.var]
    argument: "dim|1"
    without: correction
    within: forward
broken: differs
source: https://example.org/issue
tags: [mine]
---

## Why

First line of the message,
second line.

More of the story.

## PyTorch

```python
## not a section
def f(x):
    return x
```

## Broken JAX

```python
def f(x):
    return x + 1
```

## Fixed JAX

Some prose.

```python
def f(x):
    return x
```
"""


DETECT = GOOD[GOOD.index("detect:") : GOOD.index("broken:")]


def _write(folder: Path, text: str, name: str = "my-pitfall.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    bug = parse_bug(_write(tmp_path, GOOD))
    assert (bug.code, bug.slug) == ("MY001", "my-pitfall")
    assert bug.message == "First line of the message, second line."
    assert bug.detect == (
        Pattern.model_validate("branch"),
        Pattern.model_validate(
            {
                "call": ["torch.std", "torch.var"],
                "argument": ["dim|1"],
                "without": ["correction"],
                "within": ["forward"],
            }
        ),
    )
    assert bug.pytorch == "## not a section\ndef f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("---\ncode", "code", "does not start with a YAML header"),
        ("code: MY001", "code: [MY001", "the YAML header does not parse"),
        ("code: MY001\n", "", "code: Field required"),
        ("code: MY001", "code: x1", "code: String should match pattern"),
        ("severity: warning", "severity: fatal", "severity: Input should be"),
        ("  - branch", "  - fork", "a pattern names one construct kind"),
        ("  - branch", "  - branch: x\n    call: y", "a pattern names one construct kind"),
        ("  - branch", "  - 3", "a pattern is a construct kind or a mapping"),
        ("    without:", "    with:", "Extra inputs are not permitted"),
        ("within: forward", "within: backward", "within.0: Input should be"),
        (DETECT, "", "neither detect nor detect_jax says where it is met"),
        ("tags: [mine]", "tags: []", "tags: Tuple should have at least 1 item"),
        ("tags: [mine]", "tags: [mine]\nwhy: because", "why cannot stand in the header"),
        ("https://", "ftp://", "source: String should match pattern"),
        ("## Fixed JAX", "## Fixed", "the sections must be Why, PyTorch, Broken JAX, Fixed JAX"),
        ("## Why", "## PyTorch", "the sections must be"),
        ("Some prose.", "```python\n```", "the section Fixed JAX has 2 python blocks, not one"),
        ("```python\ndef f(x):\n    return x + 1\n```", "text", "the section Broken JAX has 0"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    assert old in GOOD
    path = _write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(BugFileError) as raised:
        parse_bug(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert reason in str(raised.value)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(GOOD.replace("pitfall", "pitfäll").encode("latin-1"))
    with pytest.raises(BugFileError, match="is not UTF-8"):
        parse_bug(path)


def test_a_users_folder_comes_after_the_library(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    assert [bug.code for bug in load_bugs(tmp_path)] == ["MY001", *(b.code for b in load_bugs())]
    assert "# MY001: A pitfall" in explain_bug("my001", tmp_path)


def test_a_code_that_is_taken_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD.replace("MY001", load_bugs()[0].code))
    with pytest.raises(BugFileError) as raised:
        load_bugs(tmp_path)
    assert str(raised.value).startswith(f"{path}: TJ101 is already the code of ")


@pytest.mark.parametrize("bug", load_bugs(), ids=lambda bug: bug.slug)
def test_a_message_fits_a_line_of_an_editor(bug: Bug) -> None:
    assert 60 <= len(bug.message) <= 330
    assert bug.message.endswith(".")


def test_explain_shows_the_whole_file() -> None:
    page = explain_bug("TJ110")
    for part in ("# TJ110: ", "## Why", "## PyTorch", "## Broken JAX", "## Fixed JAX", "https://"):
        assert part in page
    assert "momentum=0.9" in page
    with pytest.raises(LookupError, match="TJ999"):
        explain_bug("TJ999")
