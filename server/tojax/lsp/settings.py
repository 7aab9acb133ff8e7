"""Settings of a folder: the editor's over ``[tool.tojax]`` in its pyproject.toml over defaults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

Output = Literal["sibling", "inPlace", "below"]
CLIENT_ONLY = {"interpreter", "trace", "trace.server"}


@dataclass(frozen=True)
class Settings:
    """What people can choose, for one folder."""

    output: Output = "sibling"
    init: Literal["flax", "torch"] = "flax"
    ignore: frozenset[str] = frozenset()
    verify_automatic: bool = True
    verify_device: Literal["auto", "cpu", "cuda"] = "auto"
    verify_timeout: float = 120.0
    diagnostics_scope: Literal["openFiles", "workspace"] = "openFiles"
    lens_enabled: bool = True
    model: tuple[tuple[str, object], ...] = ()
    """What is set of `tojax.model.settings.ModelSettings`."""


def _choice(*allowed: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value not in allowed:
            raise ValueError(" or ".join(f'"{item}"' for item in allowed))
        return value

    return read


def _flag(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _seconds(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86_400:
        raise ValueError("a number of seconds above 0")
    return float(value)


def _codes(value: object) -> object:
    if not isinstance(value, list) or not all(
        isinstance(item, str) and re.fullmatch(r"[A-Za-z]{2,}\d{3,}", item) for item in value
    ):
        raise ValueError('a list of codes such as "TJ101"')
    return frozenset(item.upper() for item in value)


_READERS: dict[str, Callable[[object], object]] = {
    "output": _choice("sibling", "inPlace", "below"),
    "init": _choice("flax", "torch"),
    "ignore": _codes,
    "verify.automatic": _flag,
    "verify.device": _choice("auto", "cpu", "cuda"),
    "verify.timeout": _seconds,
    "diagnostics.scope": _choice("openFiles", "workspace"),
    "lens.enabled": _flag,
}


def read_settings(*layers: tuple[str, object]) -> tuple[Settings, list[str]]:
    """Settings from several places, later ones over earlier ones, and what is wrong with them.

    Args:
        layers: where it stands, for messages, and the settings as plain data.
    """
    settings, problems = Settings(), []
    for origin, data in layers:
        if data is None:
            continue
        if not isinstance(data, Mapping):
            problems.append(f"{origin}: tojax has to be a table of settings")
            continue
        for name, value in _flat(data):
            if name in CLIENT_ONLY or value is None:
                continue
            if name.startswith(_MODEL):
                value = tuple(value) if isinstance(value, list) else value
                model = {**dict(settings.model), name.removeprefix(_MODEL): value}
                if complaint := _model_complaint(model):
                    problems.append(f"{origin}: {complaint}")
                else:
                    settings = replace(settings, model=tuple(model.items()))
                continue
            reader = _READERS.get(name)
            if reader is None:
                problems.append(f"{origin}: there is no setting tojax.{name}")
                continue
            try:
                changed: dict[str, Any] = {name.replace(".", "_"): reader(value)}
                settings = replace(settings, **changed)
            except ValueError as error:
                problems.append(f"{origin}: tojax.{name} has to be {error}, not {value!r}")
    return settings, problems


_MODEL = "model."


def _model_complaint(given: Mapping[str, object]) -> str:
    """What is wrong with the settings of the model, or nothing."""
    from tojax.model.errors import ModelError
    from tojax.model.settings import read_model_settings

    try:
        read_model_settings(None, given)
    except ModelError as error:
        return error.message
    return ""


def _flat(data: Mapping[str, Any], prefix: str = "") -> list[tuple[str, object]]:
    """``{"verify": {"device": …}}`` as ``verify.device``."""
    items: list[tuple[str, object]] = []
    for key, value in data.items():
        if isinstance(value, Mapping):
            items += _flat(value, f"{prefix}{key}.")
        else:
            items.append((f"{prefix}{key}", value))
    return items


def project_settings(folder: Path) -> tuple[object, list[str]]:
    """``[tool.tojax]`` of a folder, and what is wrong with the file."""
    path = folder / "pyproject.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [f"{path}: {error}"]
    tool = data.get("tool")
    return (tool.get("tojax") if isinstance(tool, dict) else None), []
