"""The language in which a bug says what it is about: kinds of constructs, their names and places.

`tojax.source.constructs` finds constructs in these terms.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

ConstructKind = Literal[
    "import",
    "call",
    "method",
    "attribute",
    "set-item",
    "aug-set-item",
    "aug-assign",
    "branch",
    "iterate",
    "mask-index",
    "module-list",
    "subclass",
]
Place = Literal["class", "module", "forward", "init", "loop", "function", "no_grad"]

_KINDS: tuple[str, ...] = get_args(ConstructKind)


def _as_tuple(value: object) -> object:
    """One name, or several, as YAML likes to have it."""
    return tuple(value) if isinstance(value, list) else (value,)


class Pattern(BaseModel):
    """Which constructs a bug is about.

    In YAML: a kind alone (``- branch``), or a kind with one or several names that may use ``*``
    (``- method: torch.Tensor.std``), and then, all of them to be met:

    - ``argument``: arguments that are given; ``momentum|2`` means by that name or position;
    - ``without``: arguments that are not given, written the same way;
    - ``within``: where the construct stands, such as ``forward`` or ``loop``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ConstructKind
    names: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ("*",)
    argument: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    without: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = ()
    within: Annotated[tuple[Place, ...], BeforeValidator(_as_tuple)] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: object) -> object:
        if isinstance(value, str):
            value = {value: "*"}
        if not isinstance(value, dict):
            raise ValueError(f"a pattern is a construct kind or a mapping, not {value!r}")
        kinds = [key for key in value if key in _KINDS]
        if len(kinds) != 1:
            raise ValueError(f"a pattern names one construct kind ({', '.join(_KINDS)}): {value!r}")
        rest = {key: item for key, item in value.items() if key != kinds[0]}
        return {"kind": kinds[0], "names": value[kinds[0]], **rest}
