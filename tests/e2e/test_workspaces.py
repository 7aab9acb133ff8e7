"""Each workspace in `fixtures/workspaces` migrates completely, modules and training verified."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tojax.nouns import Migration, Rung

WORKSPACES = Path(__file__).parents[2] / "fixtures" / "workspaces"
SCRIPTS = {
    "vision": ["train.py"],
    "language": ["train.py"],
    "generative": ["train_vae.py", "train_gan.py"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_workspace(name: str, tmp_path: Path) -> None:
    """Migrated by the command as a user would: all verified, and the scripts run on their own."""
    out = tmp_path / name
    command = [sys.executable, "-m", "tojax", "migrate", str(WORKSPACES / name)]
    done = subprocess.run(
        [*command, "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    _everything_is_verified(name, out)
    _scripts_run_without_torch(name, out)


def _everything_is_verified(name: str, out: Path) -> None:
    """Nothing unresolved; every module through gradients; training functions to the last rung."""
    migration = Migration.model_validate_json((out / "migration.json").read_text())
    verdicts = {v.target: v for file in migration.files for v in file.verdicts}
    assert not any(file.unresolved for file in migration.files)
    assert all(verdict.status == "verified" for verdict in verdicts.values())
    modules = _module_classes(WORKSPACES / name)
    assert modules and modules <= verdicts.keys()
    for module in modules:
        passed = {e.rung for e in verdicts[module].evidence if e.outcome == "passed"}
        # a module without parameters or float inputs has no gradients to compare
        assert Rung.GRADIENTS in passed or module == "RotaryEmbedding"
    steps = [verdict for target, verdict in verdicts.items() if target.startswith("run_")]
    assert steps and all(verdict.rung is Rung.TRAINING for verdict in steps)


def _scripts_run_without_torch(name: str, out: Path) -> None:
    """The migrated training scripts run on their own, where PyTorch cannot be imported."""
    block = "import sys; sys.modules['torch'] = None; import runpy; "
    for script in SCRIPTS[name]:
        arguments = [script, "--epochs", "1", "--out", str(out / "results")]
        if name == "language":
            arguments[-1] = str(out / "model.ckpt")
        code = f"{block}sys.argv = {arguments!r}; sys.path.insert(0, '.'); " + (
            f"runpy.run_path({script!r}, run_name='__main__')"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=out, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert done.stdout.strip()


def _module_classes(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base).endswith("Module") for base in node.bases
            ):
                found.add(node.name)
    return found
