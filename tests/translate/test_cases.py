"""Before/after cases of translations, found in ``cases/``, and what holds for every output.

A case is a pair ``name.in.py`` and ``name.out.py``. An output file whose first line is
``# part: user code`` gives only what follows the copied helpers: from the first definition that
the input itself makes.
"""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.process import environment
from tojax.nouns import Translation
from tojax.translate import translate

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
CASES = sorted((_HERE / "cases").glob("*/*.in.py"))
FIXTURES = sorted((_ROOT / "fixtures" / "models").glob("*.py"))
WITHOUT_TORCH = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-h]*.py"))[:50]
_PART = "# part: user code\n"


def _read(path: Path) -> str:
    return path.read_bytes().decode()


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name.partition('.')[0]}"


def _defined(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
    return set()


def _user_code(code: str, source: str) -> str:
    """``code`` from the first definition on that ``source`` makes too, with its comments."""
    own = set().union(*(_defined(statement) for statement in ast.parse(source).body))
    first = next(statement for statement in ast.parse(code).body if _defined(statement) & own)
    decorators = getattr(first, "decorator_list", [])
    start = min(node.lineno for node in (first, *decorators)) - 1
    lines = code.splitlines(keepends=True)
    while lines[start - 1].startswith("#"):
        start -= 1
    return "".join(lines[start:])


@pytest.fixture(scope="module")
def translated() -> dict[Path, Translation]:
    """The translation of every case and fixture."""
    return {path: translate(_read(path)) for path in (*CASES, *FIXTURES)}


@pytest.mark.parametrize("path", CASES, ids=_name)
def test_case(path: Path, translated: dict[Path, Translation]) -> None:
    """The output is exactly what the case says."""
    expected = _read(path.with_name(path.name.replace(".in.py", ".out.py")))
    code = translated[path].code
    if expected.startswith(_PART):
        assert _user_code(code, _read(path)) == expected.removeprefix(_PART)
    else:
        assert code == expected


@pytest.mark.parametrize("path", CASES, ids=_name)
def test_every_mark_is_listed(path: Path, translated: dict[Path, Translation]) -> None:
    """What the output marks is what ``unresolved`` lists, and the other way round."""
    translation = translated[path]
    marked = translation.code.count("# TODO(tojax): ") - translation.code.count(": TJ200 ")
    assert marked == len(translation.unresolved)
    for item in translation.unresolved:
        assert f"# TODO(tojax): {item.code} {item.reason}" in translation.code


def test_every_case_is_a_pair() -> None:
    """No expected output is without its input."""
    assert len(CASES) >= 40
    outputs = {path.with_name(path.name.replace(".in.py", ".out.py")) for path in CASES}
    assert outputs == set((_HERE / "cases").glob("*/*.out.py"))


@pytest.mark.parametrize("path", [*CASES, *FIXTURES], ids=_name)
def test_output_parses_and_is_stable(path: Path, translated: dict[Path, Translation]) -> None:
    """An output parses, and translating it again changes nothing."""
    translation = translated[path]
    ast.parse(translation.code)
    if translation.complete:
        assert translate(translation.code).code == translation.code


def test_no_output_reads_a_name_that_nothing_binds(
    tmp_path: Path, translated: dict[Path, Translation]
) -> None:
    """Nor does it define one twice, but for what the input does already."""
    complete = {path: made for path, made in translated.items() if made.complete}
    sides = {"in": {path: _read(path) for path in complete}}
    sides["out"] = {path: translation.code for path, translation in complete.items()}
    for side, codes in sides.items():
        (tmp_path / side).mkdir()
        for path, code in codes.items():
            name = _name(path).replace("/", "__")
            (tmp_path / side / f"{name}.py").write_bytes(code.encode())
    assert _name_errors(tmp_path / "out") <= _name_errors(tmp_path / "in")


def _name_errors(folder: Path) -> set[tuple[str, str]]:
    command = ["ruff", "check", "--isolated", "--no-cache", "--select", "F811,F821"]
    run = subprocess.run(
        [sys.executable, "-m", *command, "--output-format", "json", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return {(Path(found["filename"]).name, found["message"]) for found in json.loads(run.stdout)}


@pytest.mark.parametrize("path", CASES, ids=_name)
def test_line_ends_are_kept(path: Path, translated: dict[Path, Translation]) -> None:
    """A file with CRLF line ends has the same translation, with CRLF line ends."""
    with_crlf = _read(path).replace("\n", "\r\n")
    assert translate(with_crlf).code == translated[path].code.replace("\n", "\r\n")


@pytest.mark.parametrize("path", CASES, ids=_name)
def test_byte_order_mark_is_kept(path: Path, translated: dict[Path, Translation]) -> None:
    """A file that starts with a byte order mark still does."""
    assert translate("\ufeff" + _read(path)).code == "\ufeff" + translated[path].code


_DIGESTS = """
import hashlib, json, pathlib, sys
from tojax.translate import translate
for path in sys.argv[1:]:
    result = translate(pathlib.Path(path).read_bytes().decode())
    print(json.dumps([path, hashlib.sha256(result.model_dump_json().encode()).hexdigest()]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_output_does_not_depend_on_hashes(seed: str, translated: dict[Path, Translation]) -> None:
    """Another process with other string hashes gives the same translations."""
    paths = [str(path) for path in translated]
    result = subprocess.run(
        [sys.executable, "-c", _DIGESTS, *paths],
        env=environment(PYTHONHASHSEED=seed),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    digests = dict(json.loads(line) for line in result.stdout.splitlines())
    assert digests == {
        str(path): hashlib.sha256(translation.model_dump_json().encode()).hexdigest()
        for path, translation in translated.items()
    }


_LINES = st.sampled_from(
    [
        "",
        "   ",
        "\t",
        "\f",
        "# torch, with a tab\t and trailing blanks  ",
        "x=1;y = 2 ;",
        "if x :\n\tpass",
        "for i in ( 1,2 ) :\n  y  +=  i",
        "s = '''torch\n\n  import torch\t'''",
        "z = [\n  1,\n\n\t2, ]",
        "def f ( a,\n        b ) : return a@b",
        "import os , sys",
        "from . import torch_like as torch",
        "é = 'ß\\n'",
        "w = x \\\n  + y",
        "class A : torch = 1",
    ]
)
_SNIPPETS = st.builds(
    lambda start, lines, newline, end: (start + "\n".join(lines) + end).replace("\n", newline),
    st.sampled_from(["", "\ufeff", "\n\n", "# -*- coding: utf-8 -*-\n"]),
    st.lists(_LINES, max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n", "\n\n\n", "  ", "\n  "]),
)


@settings(deadline=None)  # the first translation reads the rules
@given(_SNIPPETS)
def test_code_without_pytorch_is_returned_as_it_is(source: str) -> None:
    """Whatever its whitespace, line ends and end."""
    assert translate(source) == Translation(code=source)


@pytest.mark.parametrize("path", WITHOUT_TORCH, ids=lambda path: path.name)
def test_standard_library_is_returned_as_it_is(path: Path) -> None:
    """Real files without PyTorch."""
    source = _read(path)
    assert translate(source).code == source
