"""What importing tojax loads, and the shape of its top level."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.process import environment

HEAVY = ["torch", "jax", "jaxlib", "flax", "optax", "numpy", "scipy", "libcst"]


def run_python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    ).stdout


@pytest.mark.parametrize(
    "statement",
    [
        "import tojax",
        "import tojax.cli",
        "import tojax.verify",
        "import tojax.workspace",
        "import tojax.explain",
        "import tojax; tojax.translate('import torch\\nx = torch.zeros(2).sum()\\n')",
        "import tojax; tojax.check('import torch\\nx = torch.zeros(2)\\nx[0] = 1\\n')",
    ],
)
def test_no_framework_is_loaded(statement: str) -> None:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(run_python(code)))
    assert "tojax" in loaded
    assert not loaded & set(HEAVY)


def test_importing_tojax_loads_nothing_of_its_own() -> None:
    code = "import tojax, sys\nprint(*sys.modules)"
    loaded = set(run_python(code).split())
    assert {name for name in loaded if name.partition(".")[0] == "tojax"} == {"tojax"}
    assert not loaded & {"pydantic", "rich", "typer", "yaml"}


def test_the_command_line_loads_no_verb_that_is_not_asked_for() -> None:
    code = "import tojax.cli, sys\nprint(*sys.modules)"
    loaded = set(run_python(code).split())
    assert {name for name in loaded if name.startswith("tojax.")} == {"tojax.cli"}


@pytest.mark.parametrize(
    "imports",
    [
        "import tojax",
        "from tojax.translate import translate_project; import tojax",
        "import tojax.translate",
        "import tojax; tojax.check; from tojax.translate.project import translate_project",
    ],
)
def test_a_verb_is_a_function_and_a_package(imports: str) -> None:
    source = "import torch\nx = torch.zeros(2)\n"
    code = f"{imports}\nprint(tojax.translate({source!r}).code)\nprint(tojax.translate.__path__)"
    assert "jnp.zeros(2)" in run_python(code)


def test_the_verbs_are_offered() -> None:
    code = "import tojax\nprint(set(tojax.__all__) <= set(dir(tojax)), tojax.load_state_dict)"
    assert run_python(code).startswith("True <function load_state_dict")


def test_an_unknown_name_is_an_attribute_error() -> None:
    code = "import tojax\ntry: tojax.translat\nexcept AttributeError as error: print(error)"
    assert run_python(code) == "module 'tojax' has no attribute 'translat'\n"
