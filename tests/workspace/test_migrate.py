"""`migrate`: what is written, what is kept, and what is refused; without running any code."""

from __future__ import annotations

import ast
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.process import run_tojax
from tests.workspace.projects import LAYERS, MODEL, write_project
from tojax.nouns import Migration
from tojax.translate import translate_project
from tojax.workspace import MigrationError, migrate


def states(migration: Migration) -> dict[str, str]:
    return {file.path: file.state for file in migration.files}


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder but tojax's own notes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".tojax" not in path.parts
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


def test_parameters_start_like_pytorchs(project: Path, tmp_path: Path) -> None:
    migrate(project, tmp_path / "out", verify=False, init="torch")
    assert "kernel_init=uniform_by(features)" in (tmp_path / "out" / "layers.py").read_text()


def test_translates_across_files_and_copies_the_rest(project: Path, tmp_path: Path) -> None:
    before = contents(project)
    migration = migrate(project, tmp_path / "out", verify=False)
    assert states(migration) == {
        ".github/check.py": "copied",
        "README.md": "copied",
        "layers.py": "translated",
        "model.py": "translated",
        "package/__init__.py": "copied",
        "package/config.json": "copied",
        "plain.py": "copied",
    }
    out = contents(tmp_path / "out")
    for path, state in states(migration).items():
        assert (out[path] == before[path]) == (state == "copied")
    assert b"Scale(features, rngs=rngs)" in out["model.py"]
    assert contents(project) == before
    record = Migration.model_validate_json(out["migration.json"])
    assert record == migration


def test_modes_and_links_are_kept(project: Path, tmp_path: Path) -> None:
    (project / "model.py").chmod(0o755)
    (project / "README.md").chmod(0o600)
    (project / "package").chmod(0o750)
    (project / "latest.py").symlink_to("model.py")
    (project / "gone").symlink_to("nowhere")
    out = tmp_path / "out"
    migrate(project, out, verify=False)
    modes = {
        name: stat.S_IMODE((out / name).stat().st_mode)
        for name in ("model.py", "README.md", "package")
    }
    assert modes == {"model.py": 0o755, "README.md": 0o600, "package": 0o750}
    assert (out / "latest.py").readlink() == Path("model.py")
    assert (out / "gone").readlink() == Path("nowhere")


def test_a_file_that_fails_leaves_the_others(project: Path, tmp_path: Path) -> None:
    bad = {
        "broken.py": b"import torch\ndef f(:\n",
        "latin.py": b"import torch\nx = '\xe9'\n",
        "binary.py": b"\x00\x01",
    }
    for name, data in bad.items():
        (project / name).write_bytes(data)
    process = run_tojax("migrate", project, "--out", tmp_path / "out", "--no-verify")
    assert process.returncode == 2
    migration = Migration.model_validate_json((tmp_path / "out/migration.json").read_bytes())
    failed = {file.path: file.error for file in migration.files if file.state == "failed"}
    assert failed.keys() == bad.keys()
    assert failed["broken.py"] is not None
    assert failed["broken.py"].startswith(f"{project / 'broken.py'}:2:7: syntax error: ")
    for path, error in failed.items():
        assert error is not None
        assert error in process.stdout.decode()
        assert (tmp_path / "out" / path).read_bytes() == bad[path]
    assert states(migration)["model.py"] == "translated"
    assert b"nnx.Module" in (tmp_path / "out/model.py").read_bytes()


def test_a_file_that_breaks_the_engine_leaves_the_others(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def breaks_on_cursed(files: dict[str, str], **options: Any) -> object:
        if any("class Cursed" in text for text in files.values()):
            raise KeyError("cursed")
        return translate_project(files, **options)

    monkeypatch.setattr("tojax.workspace.translation.translate_project", breaks_on_cursed)
    (project / "cursed.py").write_text("import torch\n\n\nclass Cursed: ...\n")
    migration = migrate(project, tmp_path / "out", verify=False)
    assert states(migration)["cursed.py"] == "failed"
    assert states(migration)["model.py"] == "translated"
    [file] = [file for file in migration.files if file.state == "failed"]
    assert file.error is not None
    assert "internal error: KeyError" in file.error


def test_circular_imports(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text(
        "from torch import nn\n\nimport b\n\n\nclass A(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n"
        "        self.inner = nn.Linear(2, 2)\n\n"
        "    def make(self):\n        return b.B()\n"
    )
    (project / "b.py").write_text(
        "from torch import nn\n\nimport a\n\n\nclass B(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n"
        "        self.other = a.A()\n"
    )
    migration = migrate(project, tmp_path / "out", verify=False)
    assert states(migration) == {"a.py": "translated", "b.py": "translated"}
    assert "a.A(rngs=rngs)" in (tmp_path / "out/b.py").read_text()


def test_a_deep_file_beside_others(project: Path, tmp_path: Path) -> None:
    (project / "deep.py").write_text("x = " + " + ".join(["1"] * 5000) + "\n")
    migration = migrate(project, tmp_path / "out", verify=False)
    assert states(migration)["deep.py"] in ("copied", "failed")
    assert states(migration)["model.py"] == "translated"
    assert (tmp_path / "out/deep.py").read_bytes() == (project / "deep.py").read_bytes()


def test_a_destination_inside_the_source_is_not_migrated_itself(project: Path) -> None:
    migrate(project, project / "out", verify=False)
    again = migrate(project, project / "out", verify=False, force=True)
    assert not [path for path in states(again) if path.startswith("out")]
    assert not (project / "out" / "out").exists()


@pytest.mark.parametrize("place", [".", "..", "full", "full/file.txt"])
def test_refuses(project: Path, tmp_path: Path, place: str) -> None:
    (project / "full").mkdir()
    (project / "full" / "file.txt").write_text("mine")
    before = contents(tmp_path)
    process = run_tojax("migrate", ".", "--out", place, "--no-verify", cwd=project)
    assert process.returncode == 2
    assert process.stderr.decode().startswith(f"{place}: ")
    assert process.stderr.count(b"\n") == 1
    assert contents(tmp_path) == before


def test_force_replaces_only_what_it_writes(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    (out / "target.py").write_text("target")
    (out / "model.py").symlink_to("target.py")
    with pytest.raises(MigrationError, match="--force"):
        migrate(project, out, verify=False)
    migrate(project, out, verify=False, force=True)
    assert (out / "mine.txt").read_text() == "mine"
    assert (out / "target.py").read_text() == "target"
    assert not (out / "model.py").is_symlink()


def test_a_file_of_the_users_that_would_be_replaced(project: Path, tmp_path: Path) -> None:
    (project / "migration.json").write_text("{}")
    with pytest.raises(MigrationError, match=r"migration\.json"):
        migrate(project, tmp_path / "out", verify=False)
    assert not (tmp_path / "out").exists()


def test_a_helper_module_of_the_users_is_kept(project: Path, tmp_path: Path) -> None:
    (project / "_jax_helpers.py").write_text("OWN = 1\n")
    (project / "norm.py").write_text(
        "from torch import nn\n\n\ndef make():\n    return nn.BatchNorm2d(4)\n"
    )
    out = tmp_path / "out"
    migrate(project, out, verify=False)
    assert (out / "_jax_helpers.py").read_text() == "OWN = 1\n"
    assert "class BatchNorm" in (out / "_jax_helpers_2.py").read_text()
    assert "from _jax_helpers_2 import BatchNorm" in (out / "norm.py").read_text()


def test_nothing_temporary_is_left(project: Path, tmp_path: Path) -> None:
    migrate(project, tmp_path / "out", verify=False)
    left = [p.name for p in (tmp_path / "out").rglob("*") if p.is_file() and p.name[0] == "."]
    assert left == [".gitignore"]


def test_a_copy_that_fails_is_told(project: Path, tmp_path: Path) -> None:
    (project / "layers.py").unlink()
    (project / "layers.py").symlink_to("layers.py")
    (project / "turned.txt").write_text("x")
    out = tmp_path / "out"
    (out / "turned.txt").mkdir(parents=True)
    migration = migrate(project, out, verify=False, force=True)
    assert states(migration)["turned.txt"] == "failed"
    assert states(migration)["model.py"] == "translated"


def git(project: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True)


def test_in_place_needs_a_clean_checkout(project: Path) -> None:
    before = contents(project)
    with pytest.raises(MigrationError, match="version control"):
        migrate(project, project, in_place=True, verify=False)
    git(project, "init")
    with pytest.raises(MigrationError, match="uncommitted"):
        migrate(project, project, in_place=True, verify=False)
    assert {p: d for p, d in contents(project).items() if not p.startswith(".git/")} == before


def test_in_place_replaces_and_keeps_the_originals(project: Path) -> None:
    git(project, "init")
    git(project, "add", "-A")
    git(project, "commit", "-m", "PyTorch")
    migration = migrate(project, project, in_place=True, verify=False)
    assert states(migration)["model.py"] == "translated"
    assert "nnx.Module" in (project / "model.py").read_text()
    assert (project / ".tojax/backup/1/model.py").read_text() == MODEL
    assert (project / ".tojax/backup/1/layers.py").read_text() == LAYERS
    assert not (project / ".tojax/backup/1/plain.py").exists()
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=project, capture_output=True, text=True, check=True
    )
    assert set(status.stdout.split("\n")[:-1]) == {
        " M layers.py",
        " M model.py",
        "?? migration.json",
    }
    ast.parse((project / "model.py").read_text())


def test_in_place_twice_keeps_both_backups(project: Path) -> None:
    migrate(project, project, in_place=True, verify=False, force=True)
    (project / "more.py").write_text("import torch\n\nx = torch.zeros(2)\n")
    migrate(project, project, in_place=True, verify=False, force=True)
    assert (project / ".tojax/backup/1/model.py").read_text() == MODEL
    assert [p.name for p in (project / ".tojax/backup/2").iterdir()] == ["more.py"]
    assert "jnp.zeros(2)" in (project / "more.py").read_text()


def test_the_default_destination_lies_beside_the_source(project: Path) -> None:
    process = run_tojax("migrate", ".", "--no-verify", cwd=project)
    assert process.returncode == 0, process.stderr
    assert (project.parent / "project_jax" / "model.py").is_file()


def test_unresolved_gives_status_3(project: Path, tmp_path: Path) -> None:
    (project / "odd.py").write_text("import torch\n\nx = torch.no_such_function(1)\n")
    process = run_tojax("migrate", project, "--out", tmp_path / "out", "--no-verify")
    assert process.returncode == 3
    assert b"odd.py:3:5: TJ" in process.stdout
    rows = [line.split() for line in process.stdout.decode().splitlines()]
    assert ["odd.py", "partial", "1"] in rows
    assert ["model.py", "translated"] in rows
