"""What tojax finds on this machine: Python, the frameworks, Ollama, and what to do about gaps."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tojax.model.errors import ModelError
from tojax.model.messages import ModelInfo, full_name
from tojax.model.ollama import Client
from tojax.model.settings import ModelSettings, read_model_settings

_DEVICE_CODE = {
    "torch": (
        "import torch\n"
        "found = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]"
    ),
    "jax": "import jax\nfound = [f'{d.platform}:{d.id}' for d in jax.devices()]",
}
_NO_DEVICE_CODE = ("flax", "optax")
_IMPORT_SECONDS = 60


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    hint: str = ""
    """What to do, where it is not ok."""


def diagnose(
    folder: Path | None = None, overrides: Mapping[str, object] | None = None
) -> list[Check]:
    """Look at everything that tojax can use.

    Args:
        folder: the project whose settings count.
        overrides: settings of the model from flags, as for `read_model_settings`.
    """
    with ThreadPoolExecutor() as pool:
        frameworks = list(pool.map(_framework, (*_DEVICE_CODE, *_NO_DEVICE_CODE)))
    return [_python(), *frameworks, *_model(folder, overrides)]


def _python() -> Check:
    version = f"{platform.python_version()} ({sys.executable}, {platform.platform(terse=True)})"
    return Check("Python", True, version)


def _framework(name: str) -> Check:
    """Its version, and the devices of those that have any, found in a process of its own."""
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", "to verify: pip install 'tojax[verify]'")
    if name not in _DEVICE_CODE:
        return Check(name, True, version)
    code = f"{_DEVICE_CODE[name]}\nimport json\nprint(json.dumps(found))"
    try:
        process = subprocess.run(
            [sys.executable, "-P", "-c", code],
            capture_output=True,
            text=True,
            timeout=_IMPORT_SECONDS,
            check=True,
        )
        devices = ", ".join(json.loads(process.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        hint = f"see why: python -c 'import {name}'"
        return Check(name, False, f"{version}, but it does not load in {_IMPORT_SECONDS} s", hint)
    except (subprocess.CalledProcessError, ValueError, IndexError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1]
        return Check(
            name, False, f"{version}, but it fails: {said}", f"see why: python -c 'import {name}'"
        )
    return Check(name, True, f"{version} on {devices or 'cpu'}")


def _model(folder: Path | None, overrides: Mapping[str, object] | None) -> Iterator[Check]:
    """Whether a model can be asked: the settings, every host, and the model itself."""
    try:
        settings = read_model_settings(folder, overrides)
        Client(settings)
    except ModelError as error:
        yield Check("Ollama", False, error.message, error.hint)
        return
    pulled: list[ModelInfo] = []
    reached: list[str] = []
    for host in settings.hosts:
        try:
            models = Client(settings.model_copy(update={"host": host})).models()
        except ModelError as error:
            yield Check("Ollama", False, error.message, error.hint)
            continue
        reached.append(host)
        pulled += models
        names = ", ".join(model.name for model in models) or "none"
        yield Check("Ollama", True, f"{host} has the models {names}")
    if reached:
        yield _chosen_model(settings, pulled, reached[0])


def _chosen_model(settings: ModelSettings, pulled: list[ModelInfo], host: str) -> Check:
    """The model that would answer."""
    from tojax.model.failures import pull_hint

    where = {full_name(model.name): model.host for model in reversed(pulled)}
    for name in settings.models:
        if full_name(name) in where:
            return Check("model", True, f"{name} at {where[full_name(name)]}")
    return Check("model", False, f"{settings.model} is not pulled", pull_hint(settings.model, host))
