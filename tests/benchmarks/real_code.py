"""How much of other people's PyTorch code is translated: timm, x-transformers and transformers.

python tests/benchmarks/real_code.py [--cache FOLDER] [PACKAGE …]

Each package is downloaded once, translated as the project that it is, and never run. What counts
are its model files. A call is PyTorch's if analysis says so, or if it calls a method that nothing
but PyTorch's tensors and modules has. It is unresolved if it is marked in the output, or if such a
method is still called there without a mark, which would fail when it runs.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

if __package__ in (None, ""):  # run as a file
    sys.path[:0] = [str(Path(__file__).parents[2] / name) for name in (".", "server")]

from tests.benchmarks.torch_calls import defined_names, left_behind, torch_calls, unresolved_calls
from tojax.nouns import Translation
from tojax.translate import translate_project

CACHE = Path(tempfile.gettempdir()) / "tojax-real-code"
COMMONEST = 10


@dataclass(frozen=True)
class Package:
    """A package on the index, and the patterns of its model files."""

    name: str
    version: str
    models: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The package as it is imported."""
        return self.name.replace("-", "_")

    def sources(self, cache: Path) -> dict[str, str]:
        """Relative path → text of every file in Python, downloaded if it is not there yet."""
        root = cache / f"{self.folder}-{self.version}"
        if not root.exists():
            self._download(cache, root)
        files = sorted((root / self.folder).rglob("*.py"))
        return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}

    def _download(self, cache: Path, root: Path) -> None:
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        requirement = f"{self.name}=={self.version}"
        subprocess.run([*command, "--quiet", "--dest", str(cache), requirement], check=True)
        (wheel,) = cache.glob(f"{self.folder}-{self.version}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(root)

    def is_model(self, path: str) -> bool:
        """Whether a file is one of the model files."""
        return any(fnmatch(path, pattern) for pattern in self.models)


PACKAGES = (
    Package("timm", "1.0.31", ("timm/models/*.py",)),
    Package("x-transformers", "2.31.10", ("x_transformers/*.py",)),
    Package("transformers", "5.24.0", ("transformers/models/*/modeling_*.py",)),
)
_OTHER_FRAMEWORKS = re.compile(r"/modeling_(?:tf|flax)_")


@dataclass
class Measurement:
    """What became of some files: counts, and how often each name stayed unresolved."""

    files: int = 0
    clean_files: int = 0
    calls: int = 0
    marked_calls: int = 0
    silent_calls: int = 0
    crashes: int = 0
    unparsable: int = 0
    lines: int = 0
    seconds: float = 0.0
    names: Counter[str] = field(default_factory=Counter)

    @property
    def resolved(self) -> float:
        """The share of PyTorch's calls that were resolved."""
        return 1 - (self.marked_calls + self.silent_calls) / max(self.calls, 1)

    def add(
        self, source: str, translation: Translation | None, helpers: Container[str] = ()
    ) -> None:
        """Count one file; ``None`` stands for a crash, ``helpers`` are defined beside it."""
        self.files += 1
        calls = torch_calls(source)
        self.calls += len(calls)
        try:
            silent = left_behind(translation.code, helpers) if translation is not None else []
        except SyntaxError:
            self.unparsable += 1
            self.marked_calls += len(calls)
            return
        if translation is None:
            self.crashes += 1
            self.marked_calls += len(calls)
            return
        self.names.update(item.name or item.reason for item in translation.unresolved)
        self.marked_calls += len(unresolved_calls(calls, translation.unresolved))
        self.silent_calls += len(silent)
        self.names.update(f"{name} (no mark)" for name in silent)
        self.clean_files += translation.complete and not silent


def translated(sources: Mapping[str, str]) -> dict[str, Translation | None]:
    """The translations of a project; if that crashes, of each file by itself, ``None`` for those
    that crash."""
    try:
        return dict(translate_project(sources))
    except Exception:  # every crash counts, whatever it is
        if len(sources) == 1:
            return dict.fromkeys(sources)
    return {path: translated({path: text})[path] for path, text in sources.items()}


def measure(package: Package, sources: Mapping[str, str]) -> Measurement:
    """Translate a package, and count what became of its model files."""
    found = Measurement(lines=sum(text.count("\n") for text in sources.values()))
    start = time.process_time()
    translations = translated(sources)
    found.seconds = time.process_time() - start
    helpers: set[str] = set()
    for path in translations.keys() - sources.keys():
        helpers |= defined_names(ast.parse(translations[path].code))
    for path, source in sources.items():
        if package.is_model(path) and not _OTHER_FRAMEWORKS.search(path):
            found.add(source, translations[path], helpers)
    return found


def rows(measurements: Mapping[str, Measurement]) -> Iterator[str]:
    """The lines of the table."""
    form = "{:16}{:>6}{:>8}{:>9}{:>10}{:>8}{:>8}{:>9}{:>9}{:>9}"
    yield form.format(
        "package", "files", "clean", "calls", "resolved", "marked", "silent", "crashes",
        "broken", "lines/s",
    )  # fmt: skip
    for name, m in measurements.items():
        clean = f"{m.clean_files / max(m.files, 1):.1%}"
        rate = f"{m.lines / m.seconds:.0f}" if m.seconds else "-"
        yield form.format(
            name, m.files, clean, m.calls, f"{m.resolved:.2%}", m.marked_calls, m.silent_calls,
            m.crashes, m.unparsable, rate,
        )  # fmt: skip
    for name, m in measurements.items():
        for unresolved, count in m.names.most_common(COMMONEST):
            yield f"{name:16}{count:6}  {unresolved}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = [package.name for package in PACKAGES]
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help=", ".join(names))
    parser.add_argument("--cache", type=Path, default=CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)
    if unknown := set(options.packages) - set(names):
        parser.error(f"unknown packages: {', '.join(sorted(unknown))}")
    measurements = {
        package.name: measure(package, package.sources(options.cache))
        for package in PACKAGES
        if package.name in (options.packages or names)
    }
    for row in rows(measurements):
        print(row)


if __name__ == "__main__":
    main()
