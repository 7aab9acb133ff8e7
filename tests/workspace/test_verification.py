"""`migrate` with verification: verdicts, the journal, several files at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.process import run_tojax
from tests.workspace.projects import write_project
from tojax.nouns import Migration
from tojax.workspace import migrate

pytestmark = pytest.mark.slow


def verified_again(project: Path, out: Path) -> list[str]:
    """The files on which a resumed migration finds verdicts anew."""
    paths: list[str] = []
    migration = migrate(
        project, out, resume=True, device="cpu", on_progress=lambda path, *_: paths.append(path)
    )
    assert outcomes(migration) == {"layers.py": ["verified"], "model.py": ["verified"]}
    return sorted(paths)


def outcomes(migration: Migration) -> dict[str, list[str]]:
    return {f.path: [v.status for v in f.verdicts] for f in migration.files if f.verdicts}


def test_resume_verifies_only_what_changed(tmp_path: Path) -> None:
    project, out = write_project(tmp_path / "project"), tmp_path / "out"
    assert verified_again(project, out) == ["layers.py", "model.py"]
    assert verified_again(project, out) == []
    model = project / "model.py"
    model.write_text(model.read_text().replace("x.sum(1)", "x.mean(1)"))
    assert verified_again(project, out) == ["model.py"]
    layers = project / "layers.py"
    layers.write_text(layers.read_text().replace("tanh", "sigmoid"))
    assert verified_again(project, out) == ["layers.py", "model.py"]


def test_an_interrupted_migration_goes_on(tmp_path: Path) -> None:
    project, out = write_project(tmp_path / "project"), tmp_path / "out"

    def interrupt(path: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(project, out, device="cpu", on_progress=interrupt)
    assert not (out / "migration.json").exists()
    assert len(json.loads((out / ".tojax/journal.json").read_bytes())) == 1
    assert len(verified_again(project, out)) == 1


def test_two_at_a_time_from_the_command_line(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    process = run_tojax(
        "migrate", "project", "--out", "out", "--jobs", "2", "--device", "cpu", cwd=tmp_path
    )
    assert (process.returncode, process.stderr) == (0, b"")
    migration = Migration.model_validate_json((tmp_path / "out/migration.json").read_bytes())
    assert outcomes(migration) == {"layers.py": ["verified"], "model.py": ["verified"]}
    assert project.is_dir()


def test_in_place_is_verified_before_anything_is_replaced(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    seen: list[bool] = []

    def look(path: str, done: int, total: int) -> None:
        seen.append("nnx" in (project / path).read_text())

    migration = migrate(project, project, in_place=True, force=True, device="cpu", on_progress=look)
    assert outcomes(migration) == {"layers.py": ["verified"], "model.py": ["verified"]}
    assert seen == [False, False]
    assert "nnx" in (project / "model.py").read_text()


def test_without_the_frameworks_nothing_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tojax.workspace.verification.FRAMEWORKS", ("torch", "no_such_framework"))
    migration = migrate(write_project(tmp_path / "project"), tmp_path / "out")
    assert outcomes(migration) == {}
