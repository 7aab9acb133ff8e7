"""Where the settings come from, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tojax.model.errors import ModelError
from tojax.model.settings import ModelSettings, host_url, is_loopback, read_model_settings


@pytest.fixture(autouse=True)
def no_host_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)


def write(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("127.0.0.1", "http://127.0.0.1:11434"),
        (":8080", "http://127.0.0.1:8080"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::]", "http://127.0.0.1:11434"),
        ("localhost", "http://localhost:11434"),
        ("GPU.example", "http://gpu.example:11434"),
        ("http://gpu.example", "http://gpu.example:80"),
        ("https://gpu.example/", "https://gpu.example:443"),
        ("https://gpu.example:8443/ollama/", "https://gpu.example:8443/ollama"),
        ("[::1]:9", "http://[::1]:9"),
    ],
)
def test_hosts_are_written_as_for_ollama(given: str, url: str) -> None:
    assert host_url(given) == url
    assert ModelSettings(host=given).hosts == (url,)


@pytest.mark.parametrize(
    "host", ["ftp://gpu", "http://me:secret@gpu", "gpu:port", "gpu:99999", "http://[::1", "a\nb"]
)
def test_what_is_no_host_is_refused(host: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'host' is wrong") as caught:
        read_model_settings(tmp_path, {"host": host})
    assert caught.value.hint


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9:1", True),
        ("http://localhost:1", True),
        ("http://ollama.localhost:1", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.2:1", False),
        ("http://localhost.example:1", False),
        ("http://127.0.0.1.example:1", False),
    ],
)
def test_loopback_is_judged_by_the_name_alone(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_flags_go_over_the_table_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    assert read_model_settings(tmp_path).hosts == ("http://127.0.0.1:1",)
    write(tmp_path, '[tool.tojax.model]\nhost = "127.0.0.1:2"\nmodel = "a:1b"\nrounds = 2\n')
    settings = read_model_settings(tmp_path, {"model": "b:1b", "rounds": None})
    assert settings.hosts == ("http://127.0.0.1:2",)
    assert (settings.model, settings.rounds) == ("b:1b", 2)


def test_the_table_of_a_parent_folder_counts(tmp_path: Path) -> None:
    write(tmp_path, '[tool.tojax.model]\nmodel = "a:1b"\n')
    inner = tmp_path / "src" / "inner"
    inner.mkdir(parents=True)
    assert read_model_settings(inner).model == "a:1b"
    write(inner, "[project]\nname = 'inner'\n")
    assert read_model_settings(inner).model == ModelSettings().model


def test_several_hosts_and_models_keep_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[tool.tojax.model]\nhost = ["gpu", "127.0.0.1", "gpu:11434"]\n'
        'model = "a"\nalternatives = ["b", "a"]\n',
    )
    settings = read_model_settings(tmp_path)
    assert settings.hosts == ("http://gpu:11434", "http://127.0.0.1:11434")
    assert settings.models == ("a", "b")


@pytest.mark.parametrize("named_by", ["flag", "table", "environment"])
def test_only_a_host_that_is_named_may_be_remote(
    named_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if named_by == "table":
        write(tmp_path, '[tool.tojax.model]\nhost = "gpu"\n')
    if named_by == "environment":
        monkeypatch.setenv("OLLAMA_HOST", "gpu")
    overrides = {"host": "gpu"} if named_by == "flag" else None
    settings = read_model_settings(tmp_path, overrides)
    assert settings.hosts == ("http://gpu:11434",)
    assert settings.allow_remote is (named_by != "environment")


def test_the_table_may_allow_what_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "gpu")
    write(tmp_path, "[tool.tojax.model]\nallow_remote = true\n")
    assert read_model_settings(tmp_path).allow_remote


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.tojax.model]\nmodell = 'a'\n", "'modell' is wrong"),
        ("[tool.tojax.model]\ntemperature = -1\n", "'temperature' is wrong"),
        ("[tool.tojax.model]\nmodel = ''\n", "'model' is wrong"),
        ("[tool.tojax.model]\nhost = []\n", "'host' is wrong"),
        ("[tool.tojax]\nmodel = 'a'\n", "has to be a table"),
        ("[tool", "cannot be read"),
    ],
)
def test_a_wrong_file_is_told(text: str, message: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    with pytest.raises(ModelError, match=message):
        read_model_settings(tmp_path)
