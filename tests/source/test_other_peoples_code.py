"""Files that do not use PyTorch have no constructs."""

from __future__ import annotations

import re
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from tojax.source.analysis import Analyser

IMPORT = re.compile(r"^\s*(?:import|from) torch\b", re.MULTILINE)


def _files(folder: Path, count: int) -> list[Path]:
    """Files without tests (some are broken on purpose), and without one that does use PyTorch."""
    skipped = {"site-packages", "test", "tests", "idle_test", "lib2to3"}
    found = (
        path
        for path in sorted(folder.rglob("*.py"))
        if not skipped & set(path.relative_to(folder).parts)
        and not IMPORT.search(path.read_text(encoding="utf-8"))
    )
    return [path for path, _ in zip(found, range(count), strict=False)]


def test_nothing_in_500_files_without_pytorch() -> None:
    spec = find_spec("jax")
    assert spec is not None and spec.submodule_search_locations
    jax_folder = Path(spec.submodule_search_locations[0])
    standard = _files(Path(sysconfig.get_path("stdlib")), 250)
    files = [*standard, *_files(jax_folder, 500 - len(standard))]
    assert len(files) == 500
    analyser = Analyser()
    for path in files:
        analysed = analyser.analyse(path.read_text(encoding="utf-8"), str(path))
        assert not analysed.uses_torch, path
        assert (analysed.constructs, analysed.errors) == ([], []), path
