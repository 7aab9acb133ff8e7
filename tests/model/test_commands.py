"""`tojax translate --engine …`, as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.model.ollama_double import Answer, OllamaDouble
from tests.model.test_engine import OPEN, RIGHT, answer
from tests.process import run_tojax
from tojax.translate import translate


def tojax(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    done = run_tojax("translate", *arguments, cwd=folder, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.py").write_text(OPEN)
    return tmp_path


def replying(code: str) -> OllamaDouble:
    return OllamaDouble(lambda request: Answer(answer(code), pieces=[answer(code)]))


def test_a_verified_version_is_written(folder: Path) -> None:
    with replying(RIGHT) as double:
        status, out, errors = tojax(
            folder, "model.py", "--engine", "auto", "--host", double.url, "-o", "out.py"
        )
    assert (status, out, errors) == (0, "", "model.py: verified after 1 draft\n")
    assert "jnp.asarray(x)" in (folder / "out.py").read_text()


def test_what_is_not_verified_says_so(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.tojax.model]\nrounds = 1\n")
    with replying(RIGHT) as double:
        status, out, errors = tojax(
            folder, "model.py", "--engine", "model", "--host", double.url, "--json"
        )
    assert status == 3
    made = json.loads(out)
    assert made["code"] == RIGHT and made["verdict"]["status"] == "differs"
    assert "model.py:1:1: TJ206 model: the model's version is not verified" in errors


def test_a_model_that_is_missing(folder: Path) -> None:
    with replying(RIGHT) as double:
        status, out, errors = tojax(
            folder, "model.py", "--engine", "model", "--host", double.url, "--model", "other:1b"
        )
    assert (status, out) == (2, "")
    assert "other:1b" in errors and "ollama pull" in errors


def test_without_a_server_only_the_model_fails(folder: Path) -> None:
    server = ["--host", "127.0.0.1:9"]
    status, _, errors = tojax(folder, "model.py", "--engine", "model", *server, "-o", "out.py")
    assert status == 2 and not (folder / "out.py").exists()
    assert errors.startswith("model.py: ") and "ollama serve" in errors
    assert errors.count("\n") == 1
    status, out, errors = tojax(folder, "model.py", "--engine", "auto", *server)
    assert status == 3 and out == translate(OPEN).code
    assert "ollama serve" in errors and "TJ201" in errors


def test_the_prompt_can_be_seen_without_a_server(folder: Path) -> None:
    status, out, errors = tojax(folder, "model.py", "--show-prompt", "--host", "127.0.0.1:9")
    assert (status, errors) == (0, "")
    assert OPEN in out and "[system]" in out and "tokens of 16384" in out


def test_options_that_need_an_engine(folder: Path) -> None:
    status, _, errors = tojax(folder, "model.py", "--model", "x")
    assert status == 2 and "--engine model" in errors


def test_a_setting_that_is_wrong(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.tojax.model]\nrounds = 0\n")
    status, _, errors = tojax(folder, "model.py", "--engine", "auto")
    assert status == 2 and "rounds" in errors
