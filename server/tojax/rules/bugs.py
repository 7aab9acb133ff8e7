"""The fixed-bug library: one Markdown file per pitfall of moving PyTorch code to JAX.

Each file starts with a YAML header, followed by the sections Why, PyTorch, Broken JAX and Fixed
JAX; the last three hold one Python block each. The tests run the blocks: a file proves itself.
Nothing here imports torch or jax.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tojax.nouns import Severity
from tojax.rules.library import rules_folder
from tojax.rules.patterns import Pattern

_CODE_SECTIONS = ("PyTorch", "Broken JAX", "Fixed JAX")
_SECTIONS = ("Why", *_CODE_SECTIONS)
_FENCED_BLOCK = re.compile(r"^```python\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BugFileError(ValueError):
    """A file of the fixed-bug library is not as it must be; the text names file and reason."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class Bug(BaseModel):
    """A known pitfall with its proof.

    ``source`` is a public page, or says which repair a bug was harvested from.
    ``broken`` says how the Broken JAX block betrays itself: ``differs`` from PyTorch, or the name
    of the exception that it raises.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[A-Z]{2,}[0-9]{3,}$")
    title: str = Field(min_length=1)
    severity: Severity
    detect: tuple[Pattern, ...] = ()
    detect_jax: tuple[Pattern, ...] = ()
    broken: str = Field(pattern=r"^(differs|[A-Z]\w+)$")
    source: str = Field(pattern=r"^(https://|harvest:)")
    tags: tuple[str, ...] = Field(min_length=1)
    why: str
    pytorch: str
    broken_jax: str
    fixed_jax: str
    path: Path

    @model_validator(mode="after")
    def _can_be_met(self) -> Bug:
        if not self.detect and not self.detect_jax:
            raise ValueError("neither detect nor detect_jax says where it is met")
        return self

    @property
    def slug(self) -> str:
        """The name of the file, which is the bug's name for people."""
        return self.path.stem

    @cached_property
    def message(self) -> str:
        """What a finding says: the first paragraph of Why, on one line."""
        return " ".join(self.why.split("\n\n", 1)[0].split())

    @property
    def page(self) -> str:
        """The whole bug as Markdown: hover, ``tojax explain`` and documentation."""
        parts = [f"# {self.code}: {self.title}", f"## Why\n\n{self.why}"]
        blocks = (self.pytorch, self.broken_jax, self.fixed_jax)
        for section, block in zip(_CODE_SECTIONS, blocks, strict=True):
            parts.append(f"## {section}\n\n```python\n{block}```")
        tags = ", ".join(self.tags)
        parts.append(f"Severity: {self.severity.value}. Tags: {tags}. Source: <{self.source}>")
        return "\n\n".join(parts) + "\n"


def parse_bug(path: Path) -> Bug:
    """Read one file of the library.

    Raises:
        BugFileError: the file is not in the format; says which file, and what is wrong.
    """
    header, body = _split_header(path)
    sections = _sections(path, body)
    blocks = {name: _code(path, name, sections[name]) for name in _CODE_SECTIONS}
    reserved = header.keys() & {"why", "pytorch", "broken_jax", "fixed_jax", "path"}
    if reserved:
        raise BugFileError(path, f"{', '.join(sorted(reserved))} cannot stand in the header")
    try:
        return Bug(
            **header,
            why=sections["Why"],
            pytorch=blocks["PyTorch"],
            broken_jax=blocks["Broken JAX"],
            fixed_jax=blocks["Fixed JAX"],
            path=path,
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"{part}." for part in first["loc"])[:-1]
        reason = f"{where}: {first['msg']}" if where else first["msg"]
        raise BugFileError(path, reason) from None


@cache
def load_bugs(extra: Path | None = None) -> tuple[Bug, ...]:
    """The library in order of code, with a user's own folder (``.tojax/bugs``) after it.

    Raises:
        BugFileError: a file is not in the format, or two files have the same code.
    """
    folders = [rules_folder() / "bugs", *([extra] if extra else [])]
    bugs: dict[str, Bug] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.md"))):
        bug = parse_bug(path)
        if bug.code in bugs:
            raise BugFileError(path, f"{bug.code} is already the code of {bugs[bug.code].path}")
        bugs[bug.code] = bug
    return tuple(bugs[code] for code in sorted(bugs))


def explain_bug(code: str, extra: Path | None = None) -> str:
    """The page of the bug with this code, as Markdown.

    Raises:
        LookupError: no bug has this code.
    """
    for bug in load_bugs(extra):
        if bug.code == code.upper():
            return bug.page
    raise LookupError(f"no fixed bug has the code {code}")


def _split_header(path: Path) -> tuple[dict[str, Any], str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BugFileError(path, "is not UTF-8") from None
    if not text.startswith("---\n") or "\n---\n" not in text:
        raise BugFileError(path, "does not start with a YAML header between --- lines")
    header_text, body = text[4:].split("\n---\n", 1)
    try:
        header = yaml.load(header_text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise BugFileError(path, f"the YAML header does not parse: {error}") from None
    if not isinstance(header, dict):
        raise BugFileError(path, "the YAML header is not a mapping")
    return header, body


def _sections(path: Path, body: str) -> dict[str, str]:
    """Section title → text, the four sections in their order."""
    texts: dict[str, list[str]] = {}
    current: list[str] = []
    in_code = False
    for line in body.split("\n"):
        in_code ^= line.startswith("```")
        if line.startswith("## ") and not in_code:
            current = texts.setdefault(line[3:].strip(), [])
        else:
            current.append(line)
    if tuple(texts) != _SECTIONS:
        raise BugFileError(
            path, f"the sections must be {', '.join(_SECTIONS)}; found {', '.join(texts) or 'none'}"
        )
    sections = {name: "\n".join(lines).strip() for name, lines in texts.items()}
    if not sections["Why"]:
        raise BugFileError(path, "the section Why is empty")
    return sections


def _code(path: Path, section: str, text: str) -> str:
    blocks = _FENCED_BLOCK.findall(text)
    if len(blocks) != 1:
        raise BugFileError(path, f"the section {section} has {len(blocks)} python blocks, not one")
    block: str = blocks[0]
    return block
