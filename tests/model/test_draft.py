"""What models really answer, and what is made of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojax.model.draft import LONGEST_ANSWER, draft_schema, read_draft
from tojax.model.errors import BadAnswer

CODE = 'import jax\n\n\ndef f(x):\n    return {"a": x}  # é\n'
JSON = json.dumps({"code": CODE, "assumptions": ["x is an array"], "unresolved": []})

ANSWERS = {
    "JSON": JSON,
    "indented JSON": json.dumps(json.loads(JSON), indent=2),
    "JSON with line ends in texts": JSON.replace("\\n", "\n"),
    "JSON and more": f"{JSON}\n\nLet me know if you need more!",
    "JSON after prose": f"Here is the translation:\n\n{JSON}",
    "JSON in a fence": f"```json\n{JSON}\n```",
    "JSON in a fence after prose": f"Sure! {{as asked}}\n```json\n{JSON}\n```\nDone.",
    "code in a fence in JSON": json.dumps({"code": f"```python\n{CODE}```"}),
    "a text in place of a list": json.dumps({"code": CODE, "assumptions": "x", "unresolved": None}),
    "a fence": f"```python\n{CODE}```",
    "a fence after prose": f"We use `{{}}`.\n\n```python\n{CODE}```\n\nThis is faster.",
    "a fence without a language": f"Here:\n```\n{CODE}```",
    "an indented fence": f"1. Do:\n   ```python\n{CODE}   ```",
    "an open fence": f"```python\n{CODE}",
    "several fences": f"```python\nx = 1\n```\n```python\n{CODE}```\n```bash\n{'run ' * 99}\n```",
    "fences, the longest broken": f"```python\n{CODE}```\nnot\n```python\ndef (:\n{'x' * 999}\n```",
    "code": CODE,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_code_is_found(name: str) -> None:
    assert read_draft(ANSWERS[name]).code.strip() == CODE.strip()


def test_what_was_assumed_is_kept() -> None:
    assert read_draft(JSON).assumptions == ("x is an array",)
    assert read_draft(ANSWERS["a text in place of a list"]).assumptions == ("x",)


BAD = {
    "nothing": (" \n", "empty"),
    "prose": ("I cannot translate this.", "neither"),
    "JSON without code": ('{"translation": "x = 1"}', 'no "code"'),
    "code that is no text": ('{"code": ["x = 1"]}', '"code" of the answer is wrong'),
    "no code in it": ('{"code": "  "}', "empty"),
    "JSON that ends": (JSON[:40], "does not parse"),
    "too much": ("x = 1\n" * LONGEST_ANSWER, "characters"),
    "an empty fence": ("```python\n```", "neither"),
    "deeply nested": ("{" * 9 + '"a":' + "[" * 99_999, "does not parse"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_draft_is_told_why(name: str) -> None:
    answer, words = BAD[name]
    with pytest.raises(BadAnswer, match=words):
        read_draft(answer)


@pytest.mark.parametrize("answer", [JSON[:40], "```python\ndef f(x", "def f(x):\n  retu(", "I"])
def test_what_was_cut_off_is_told_so(answer: str) -> None:
    with pytest.raises(BadAnswer, match="cut off"):
        read_draft(answer, truncated=True)


def test_what_was_cut_off_after_the_code_is_taken() -> None:
    assert read_draft(f"```python\n{CODE}```\nThis is bec", truncated=True).code == CODE


@given(st.text())
def test_any_text_gives_a_draft_or_a_reason(answer: str) -> None:
    try:
        assert read_draft(answer).code.strip()
    except BadAnswer as error:
        assert error.message


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_code_survives_json(code: str) -> None:
    if code.strip() and "```" not in code:
        assert read_draft(json.dumps({"code": code})).code == code


def test_the_schema_asks_for_what_is_read() -> None:
    assert draft_schema()["required"] == ["code", "assumptions", "unresolved"]
