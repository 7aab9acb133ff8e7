"""What a model answers: the structure that it is asked for, and what is made of other answers."""

from __future__ import annotations

import ast
import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from tojax.model.errors import BadAnswer

LONGEST_ANSWER = 400_000  # characters; more than any file that a model can write in one go
_OBJECT = re.compile(r"^[ \t]*\{", re.M)
_FENCE = re.compile(r"^[ \t]*```[ \t]*(\w*)[^\n]*\n(.*?)(?:^[ \t]*```[ \t]*$|\Z)", re.M | re.S)


def _texts(value: Any) -> Any:
    """One text where a list of texts is wanted; nothing for null."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


_Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Draft(BaseModel):
    """A model's answer: the whole JAX file, what it assumed, and what it could not translate."""

    model_config = ConfigDict(frozen=True)

    code: str
    assumptions: _Texts = ()
    unresolved: _Texts = ()


def draft_schema() -> dict[str, Any]:
    """The JSON schema that an answer has to follow."""
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "properties": {"code": {"type": "string"}, "assumptions": texts, "unresolved": texts},
        "required": ["code", "assumptions", "unresolved"],
    }


def read_draft(answer: str, *, truncated: bool = False) -> Draft:
    """The draft in an answer: JSON as asked for, JSON or code between prose, or code alone.

    Args:
        answer: the text.
        truncated: it was cut off at its limit of tokens.

    Raises:
        BadAnswer: there is none; the reason is worded for the model that answered.
    """
    if not answer.strip():
        raise BadAnswer("the answer is empty")
    if len(answer) > LONGEST_ANSWER:
        raise BadAnswer(f"the answer has {len(answer)} characters, which no file needs")
    draft = _from_json(answer) or _from_fences(answer) or _bare(answer)
    if truncated and (draft is None or not _parses(draft.code)):
        raise BadAnswer("the answer was cut off at its limit: give the code, and little else")
    if draft is None:
        raise BadAnswer(_why_none(answer))
    if not draft.code.strip():
        raise BadAnswer('"code" is empty: it has to hold the whole JAX file')
    return draft


def _from_json(answer: str) -> Draft | None:
    """The first JSON object with code that starts a line."""
    for start in _OBJECT.finditer(answer):
        try:
            value = _decoded(answer[start.start() :])
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(value, dict) and "code" in value:
            try:
                draft = Draft.model_validate(value)
            except ValidationError as error:
                first = error.errors()[0]
                raise BadAnswer(
                    f'"{first["loc"][0]}" of the answer is wrong: {first["msg"]}'
                ) from None
            return draft.model_copy(update={"code": _unfenced(draft.code)})
    return None


def _decoded(text: str) -> Any:
    decoder = json.JSONDecoder(strict=False)  # models write line ends into strings
    return decoder.raw_decode(text.lstrip())[0]


def _why_none(answer: str) -> str:
    if not answer.lstrip().startswith("{"):
        return 'the answer holds neither JSON with "code" nor a Python block'
    try:
        _decoded(answer)
    except (json.JSONDecodeError, RecursionError) as error:
        return f"the JSON of the answer does not parse: {error}"
    return 'the JSON of the answer has no "code"'


def _unfenced(code: str) -> str:
    """Code that was put between fences although it stands in JSON."""
    match = _FENCE.fullmatch(code.strip())
    return match[2] if match else code


def _from_fences(answer: str) -> Draft | None:
    """The longest Python block, one that parses if there is one."""
    languages = ("", "py", "python", "python3")
    found = [match for match in _FENCE.finditer(answer) if match[1].lower() in languages]
    blocks = [match[2] for match in found if match[2].strip()]
    if not blocks:
        return None
    return Draft(code=max(blocks, key=lambda block: (_parses(block), len(block))))


def _bare(answer: str) -> Draft | None:
    """Code without anything around it."""
    try:
        body = ast.parse(answer).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    defines = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
    return Draft(code=answer) if any(isinstance(node, defines) for node in body) else None


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
