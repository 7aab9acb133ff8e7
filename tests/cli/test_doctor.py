"""``tojax doctor``: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.model.ollama_double import Model, OllamaDouble
from tests.process import environment, run_tojax


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


@pytest.fixture
def stand_ins(tmp_path: Path) -> dict[str, str]:
    """An environment in which torch has a GPU and jax does not load."""
    folder = tmp_path / "stand_ins"
    folder.mkdir()
    (folder / "torch.py").write_text(
        "class cuda:\n"
        "    device_count = staticmethod(lambda: 1)\n"
        "    get_device_name = staticmethod(lambda index: f'GPU {index}')\n"
    )
    (folder / "jax.py").write_text("raise ImportError('libfoo.so is missing')\n")
    kept = {name: value for name, value in environment().items() if name != "OLLAMA_HOST"}
    return {**kept, "PYTHONPATH": f"{folder}{os.pathsep}{kept['PYTHONPATH']}"}


def checks(output: bytes) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for check in json.loads(output):
        found.setdefault(check["name"], []).append(check)
    return found


@pytest.mark.slow
def test_all_fine(double: OllamaDouble, tmp_path: Path) -> None:
    process = run_tojax("doctor", "--host", double.url, cwd=tmp_path)
    lines = process.stdout.decode().splitlines()
    assert process.returncode == 0, lines
    assert all(line.startswith("ok ") for line in lines)
    for name in ("Python", "torch", "jax", "flax", "optax"):
        assert any(line.split()[1] == name for line in lines)
    assert f"{double.url} has the models qwen2.5-coder:7b, codellama:7b" in lines[-2]
    assert lines[-1].endswith(f"qwen2.5-coder:7b at {double.url}")


def test_devices_and_what_does_not_load(
    double: OllamaDouble, stand_ins: dict[str, str], tmp_path: Path
) -> None:
    process = run_tojax("doctor", "--json", "--host", double.url, cwd=tmp_path, env=stand_ins)
    found = checks(process.stdout)
    assert process.returncode == 1
    assert found["torch"][0]["detail"].endswith("on GPU 0")
    assert not found["jax"][0]["ok"]
    assert "ImportError: libfoo.so is missing" in found["jax"][0]["detail"]
    assert "import jax" in found["jax"][0]["hint"]
    assert found["model"][0]["ok"]


def test_the_model_and_the_hosts_of_the_project(
    double: OllamaDouble, stand_ins: dict[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    table = f'[tool.tojax.model]\nhost = ["{closed}", "{double.url}"]\nmodel = "other:1b"\n'
    (tmp_path / "pyproject.toml").write_text(table)

    process = run_tojax("doctor", "--json", cwd=tmp_path, env=stand_ins)
    found = checks(process.stdout)
    assert process.returncode == 1
    assert [check["ok"] for check in found["Ollama"]] == [False, True]
    assert "ollama serve" in found["Ollama"][0]["hint"]
    assert not found["model"][0]["ok"]
    assert found["model"][0]["hint"].endswith(f"OLLAMA_HOST={double.url} ollama pull other:1b")

    double.models["other:1b"] = Model("other:1b")
    process = run_tojax("doctor", "--json", cwd=tmp_path, env=stand_ins)
    assert checks(process.stdout)["model"][0]["detail"] == f"other:1b at {double.url}"


def test_a_remote_host_of_the_environment_is_not_asked(
    stand_ins: dict[str, str], tmp_path: Path
) -> None:
    env = {**stand_ins, "OLLAMA_HOST": "gpu.example"}
    process = run_tojax("doctor", cwd=tmp_path, env=env)
    output = process.stdout.decode()
    assert process.returncode == 1
    assert "http://gpu.example:11434 is not this machine" in output
    assert "--host" in output


def test_wrong_settings_are_a_finding(stand_ins: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.tojax.model]\nmodell = 'x'\n")
    process = run_tojax("doctor", "--json", cwd=tmp_path, env=stand_ins)
    assert process.returncode == 1
    assert "'modell' is wrong" in checks(process.stdout)["Ollama"][0]["detail"]
