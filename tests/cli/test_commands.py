"""What the commands print, write and return when all goes well."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process import environment, run_tojax
from tojax.explain import explain
from tojax.nouns import Translation, Verdict

MODEL = """\
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.layer = nn.Linear(features, 2)

    def forward(self, x):
        return torch.tanh(self.layer(x))


def get_init_inputs():
    return [3]


def get_inputs():
    return [torch.linspace(0, 1, 6).reshape(2, 3)]
"""
UNKNOWN = "import torch\n\n\ndef f(x):\n    return torch.no_such_function(x)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "unknown.py").write_text(UNKNOWN)
    (tmp_path / "plain.py").write_text("x = 1\n")
    return tmp_path


def test_translate_prints(folder: Path) -> None:
    process = run_tojax("translate", "model.py", cwd=folder)
    assert (process.returncode, process.stderr) == (0, b"")
    assert b"class Model(nnx.Module):" in process.stdout
    assert b"torch" not in process.stdout


def test_translate_writes_a_file_like_what_it_prints(folder: Path) -> None:
    printed = run_tojax("translate", "model.py", cwd=folder).stdout
    (folder / "out.py").write_text("old")
    (folder / "out.py").chmod(0o640)
    (folder / "link.py").symlink_to("out.py")
    process = run_tojax("translate", "model.py", "-o", "link.py", cwd=folder)
    assert (process.returncode, process.stdout, process.stderr) == (0, b"", b"")
    assert (folder / "out.py").read_bytes() == printed
    assert (folder / "out.py").stat().st_mode & 0o777 == 0o640
    assert (folder / "link.py").is_symlink()


def test_translate_writes_into_what_is_no_file(folder: Path) -> None:
    process = run_tojax("translate", "model.py", "-o", os.devnull, cwd=folder)
    assert process.returncode == 0
    assert Path(os.devnull).is_char_device()


def test_translate_into_a_folder_keeps_the_layout(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a" / "m.py").write_text(MODEL)
    (folder / "b" / "m.py").write_text("y = 2\n")
    process = run_tojax("translate", "a/m.py", "b/m.py", "--out-dir", "new/out", cwd=folder)
    assert process.returncode == 0
    assert b"nnx.Module" in (folder / "new/out/a/m.py").read_bytes()
    assert (folder / "new/out/b/m.py").read_text() == "y = 2\n"


def test_files_from_above_stay_inside_the_folder(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "m.py").write_text("y = 2\n")
    process = run_tojax("translate", "m.py", "../plain.py", "--out-dir", "out", cwd=folder / "sub")
    assert process.returncode == 0
    written = [p.relative_to(folder) for p in folder.rglob("out/**/*.py")]
    assert sorted(map(str, written)) == ["sub/out/plain.py", "sub/out/sub/m.py"]


def test_parameters_start_as_the_flag_or_the_project_says(folder: Path) -> None:
    (folder / "net.py").write_text("import torch.nn as nn\n\nlayer = nn.Conv1d(1, 2, 3)\n")

    def is_like_torch(*options: str) -> bool:
        return b"uniform_weight" in run_tojax("translate", "net.py", *options, cwd=folder).stdout

    assert is_like_torch("--init=torch") and not is_like_torch()
    (folder / "pyproject.toml").write_text('[tool.tojax]\ninit = "torch"\n')
    assert is_like_torch() and not is_like_torch("--init=flax")
    (folder / "pyproject.toml").write_text('[tool.tojax]\ninit = "keras"\n')
    wrong = run_tojax("translate", "net.py", cwd=folder)
    assert wrong.returncode == 2 and b"init has to be" in wrong.stderr


def test_unresolved_is_written_and_told(folder: Path) -> None:
    process = run_tojax("translate", "unknown.py", "-o", "out.py", cwd=folder)
    assert process.returncode == 3
    [line] = process.stderr.decode().splitlines()
    assert line.startswith("unknown.py:5:12: TJ")
    assert "torch.no_such_function" in line
    assert "# TODO(tojax)" in (folder / "out.py").read_text()


def test_translate_as_json_gives_one_noun_a_line(folder: Path) -> None:
    process = run_tojax("translate", "model.py", "plain.py", "--json", cwd=folder)
    first, second = map(Translation.model_validate_json, process.stdout.splitlines())
    assert "nnx.Linear" in first.code
    assert "torch.tanh" in first.rules
    assert (second.code, second.rules, second.filename) == ("x = 1\n", (), "plain.py")


def test_the_diff_can_be_applied(folder: Path) -> None:
    translated = run_tojax("translate", "model.py", cwd=folder).stdout
    process = run_tojax("translate", "model.py", "plain.py", "--diff", cwd=folder)
    assert process.returncode == 0
    assert b"plain.py" not in process.stdout
    patched = subprocess.run(
        ["git", "apply", "-p0", "-"], input=process.stdout, cwd=folder, capture_output=True
    )
    assert patched.returncode == 0, patched.stderr
    assert (folder / "model.py").read_bytes() == translated


def test_check_tells_findings(folder: Path) -> None:
    (folder / "write.py").write_text("import torch\n\nx = torch.zeros(3)\nx[0] = 1.0\n")
    process = run_tojax("check", ".", cwd=folder)
    assert (process.returncode, process.stderr) == (1, b"")
    assert b"write.py:4:1: TJ101 " in process.stdout
    assert run_tojax("check", "plain.py", cwd=folder).returncode == 0


def test_check_goes_on_beside_a_broken_file(folder: Path) -> None:
    (folder / "broken.py").write_text("def f(:\n")
    (folder / "write.py").write_text("import torch\n\nx = torch.zeros(3)\nx[0] = 1.0\n")
    process = run_tojax("check", "broken.py", "write.py", "--output-format", "json", cwd=folder)
    assert process.returncode == 2
    assert process.stderr.startswith(b"broken.py:1:7: syntax error: ")
    codes = {(f["filename"], f["code"]) for f in json.loads(process.stdout)}
    assert {("broken.py", "TJ001"), ("write.py", "TJ101")} <= codes


def test_check_reads_the_users_own_pitfalls(folder: Path) -> None:
    (folder / ".tojax" / "bugs").mkdir(parents=True)
    (folder / ".tojax" / "bugs" / "mine.md").write_text("no header")
    process = run_tojax("check", "model.py", cwd=folder)
    assert process.returncode == 2
    assert process.stderr.startswith(b".tojax/bugs/mine.md: ")
    assert process.stderr.count(b"\n") == 1


@pytest.mark.slow
def test_verify_tells_verified_from_differs(folder: Path) -> None:
    run_tojax("translate", "model.py", "-o", "good.py", cwd=folder)
    wrong = (folder / "good.py").read_text().replace("jnp.tanh", "jnp.sin")
    (folder / "wrong.py").write_text(wrong)
    good = run_tojax("verify", "model.py", "good.py", "--device", "cpu", "--json", cwd=folder)
    assert good.returncode == 0, good.stderr
    assert Verdict.model_validate_json(good.stdout).status == "verified"
    bad = run_tojax("verify", "model.py", "wrong.py", "--device", "cpu", cwd=folder)
    assert bad.returncode == 1
    assert b"outputs match: failed" in bad.stdout


@pytest.mark.slow
def test_verify_without_anything_to_run_is_no_success(folder: Path) -> None:
    process = run_tojax("verify", "plain.py", "plain.py", cwd=folder)
    assert process.returncode == 2
    assert b"unverified" in process.stdout


def test_explain_shows_a_rule() -> None:
    page = run_tojax("explain", "torch.sum").stdout.decode()
    assert page.startswith("# torch.sum\n")
    assert "torch.Tensor.sum" in page
    assert "torch.sum(input)\n# becomes\njnp.sum(input)\n" in page
    assert "def sum(input: Array" in page


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("nn.Linear", "nnx.Linear(in_features, out_features, rngs=rngs)"),
        ("F.relu", "jax.nn.relu(input)"),
        ("torch.float32", "`torch.float32` becomes `jnp.float32`"),
        ("TJ101", "## Broken JAX"),
        ("TJ203", "Return the new value"),
        ("torch.fx.symbolic_trace", "jax.make_jaxpr(f)(x)"),
    ],
)
def test_explain_knows_shorter_names_values_and_pitfalls(subject: str, expected: str) -> None:
    process = run_tojax("explain", subject)
    assert process.returncode == 0, process.stderr
    assert expected in process.stdout.decode()


def test_every_mark_in_a_translation_is_explained() -> None:
    sources = (Path(__file__).parents[2] / "server" / "tojax" / "translate").rglob("*.py")
    marks = {mark for path in sources for mark in re.findall(r"TJ2\d\d", path.read_text())}
    assert len(marks) >= 6
    for mark in sorted(marks):
        assert explain(mark).startswith(f"# {mark}")


def test_explain_offers_close_names() -> None:
    process = run_tojax("explain", "torch.som")
    assert process.returncode == 2
    assert b"torch.sum" in process.stderr


def test_rules_coverage_counts_the_same_in_both_forms() -> None:
    found = json.loads(run_tojax("rules", "coverage", "--json").stdout)
    process = run_tojax("rules", "coverage")
    assert (process.returncode, process.stderr) == (0, b"")
    rows = [line.split() for line in process.stdout.decode().splitlines()[1:]]
    counted = {row[0]: [int(number) for number in row[1:4]] for row in rows}
    kinds = ("translated", "advised", "unknown")
    for entry in found:
        assert counted[entry["namespace"]] == [len(entry[kind]) for kind in kinds]
    assert counted["total"] == [sum(len(entry[kind]) for entry in found) for kind in kinds]
    functional = next(e for e in found if e["namespace"] == "torch.nn.functional")
    assert "relu" in functional["translated"]


def test_a_closed_pipe_is_no_traceback(folder: Path) -> None:
    (folder / "long.py").write_text("x = 1\n" * 100_000)
    with subprocess.Popen(
        [sys.executable, "-m", "tojax", "translate", "long.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_help_names_the_commands_that_exist() -> None:
    page = run_tojax("--help").stdout.decode()
    for command in ("check", "translate", "verify", "migrate", "explain"):
        assert f" {command} " in page
