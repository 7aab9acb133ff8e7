"""How long the language server takes to answer, over standard input and output.

python tests/benchmarks/latency.py [--events 200] [--loaded]

The limits are milliseconds; what Python itself takes to parse the same file tells what they mean on
the machine that measures.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

if __package__ in (None, ""):  # run as a file
    sys.path[:0] = [str(Path(__file__).parents[2] / name) for name in (".", "server")]

from tests.benchmarks.editor import Editor
from tests.benchmarks.sources import torch_source

SIZES = (1000, 5000)
LIMITS = {"diagnostics": 60.0, "hover": 15.0, "actions": 25.0, "resolve": 150.0}
INITIALIZE_LIMIT = 1.6
MEMORY_LIMIT = 120.0
OPEN_FILES, OPEN_LINES = 200, 150
# At least so long are events of one kind repeated. 200 of a millisecond are over in 0.2 s: the one
# moment in which something else runs would decide what the slowest twentieth is.
LEAST_SECONDS = 4.0
_MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 64)

    def forward(self, x):
        return torch.relu(self.fc(x)).sum(1)


def get_inputs():
    return [torch.randn(32, 64)]


def get_init_inputs():
    return []
"""


@dataclass(frozen=True)
class Measurement:
    """Milliseconds that one kind of event took, each, and the server's processor time for one."""

    event: str
    lines: int
    milliseconds: list[float]
    processor: float

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.milliseconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 do not exceed."""
        return quantiles(self.milliseconds, n=20)[-1]


def measured(
    editor: Editor, event: str, lines: int, events: int, once: Callable[[], float]
) -> Measurement:
    """Let something happen so many times, and for `LEAST_SECONDS`."""
    for _ in range(3):
        once()
    before = editor.processor_seconds
    seconds: list[float] = []
    while len(seconds) < events or sum(seconds) < LEAST_SECONDS:
        seconds.append(once())
    processor = (editor.processor_seconds - before) / len(seconds)
    return Measurement(event, lines, [1000 * value for value in seconds], 1000 * processor)


class Scene:
    """A document in an editor, and what its user does."""

    def __init__(self, editor: Editor, uri: str, lines: int) -> None:
        self._editor, self._uri = editor, uri
        self._random = random.Random(lines)
        self._text = torch_source(lines).split("\n")
        # Where something is edited: a number in a statement.
        self._numbers = [
            (number, match.span())
            for number, line in enumerate(self._text)
            if (match := re.search(r"\d+\.25$|\d+\.5(?= \+)", line))
        ]
        self._large = next(
            (n for n, line in enumerate(self._text) if line.startswith("class Large")), 0
        )
        self._widths: dict[int, int] = {}
        self.events: dict[str, Callable[[], float]] = {
            "diagnostics": self.diagnostics,
            "hover": self.hover,
            "actions": self.actions,
            "resolve": self.resolve,
        }
        editor.open(uri, "\n".join(self._text))
        editor.pull(uri)

    def edit(self, line: int, start: int, end: int) -> None:
        """Write another number over the one in a line."""
        number = f"{self._random.randrange(1000)}.{self._random.randrange(1, 1000)}"
        self._editor.replace(
            self._uri, line, start, start + self._widths.get(line, end - start), number
        )
        self._widths[line] = len(number)

    def diagnostics(self) -> float:
        """Edit somewhere and wait for the diagnostics."""
        line, (start, end) = self._random.choice(self._numbers)
        begin = time.perf_counter()
        self.edit(line, start, end)
        self._editor.pull(self._uri)
        return time.perf_counter() - begin

    def hover(self) -> float:
        """Point at a use of PyTorch."""
        line = self._random.choice(self._numbers)[0] - 1
        params = {
            "textDocument": {"uri": self._uri},
            "position": {"line": line, "character": self._text[line].index("=") + 4},
        }
        return self._editor.ask("textDocument/hover", params)[1]

    def actions(self) -> float:
        """Ask for the code actions somewhere."""
        line = self._random.choice(self._numbers)[0]
        return self._editor.actions(self._uri, line, 10)[1]

    def resolve(self) -> float:
        """Edit the large class and have it translated."""
        line = next(
            n for n in range(self._large, len(self._text)) if self._text[n].endswith("* 0.5")
        )
        start = self._text[line].index("* 0.5") + 2
        self.edit(line, start, start + 3)
        listed, _ = self._editor.actions(self._uri, line, 10)
        action = next(item for item in listed if item["title"] == "Translate Large to JAX")
        return self._editor.ask("codeAction/resolve", action)[1]


@contextmanager
def work(root: Path) -> Iterator[Callable[[Editor], None]]:
    """Something to verify and something to migrate, without an end.

    Gives what keeps an editor's server busy: it starts again whatever has ended.
    """
    project = root / "project"
    project.mkdir()
    for number in range(12):
        (project / f"net{number}.py").write_text(_MODEL, encoding="utf-8")
        (project / f"layers{number}.py").write_text(torch_source(400, 50 * number), "utf-8")
    net = root / "net.py"
    net.write_text(_MODEL, encoding="utf-8")
    running: dict[str, int] = {}
    jobs: dict[str, dict[str, str]] = {
        "tojax.verify": {"uri": net.as_uri(), "name": "Net"},
        "tojax.translateWorkspace": {"folder": project.as_uri()},
    }

    def keep_busy(editor: Editor) -> None:
        for command, argument in jobs.items():
            if command not in running or editor.answers.pop(running[command], None) is not None:
                params = {"command": command, "arguments": [argument]}
                running[command] = editor.start("workspace/executeCommand", params)

    yield keep_busy


def latencies(
    events: int, sizes: tuple[int, ...] = SIZES, *, loaded: bool = False
) -> list[Measurement]:
    """What each kind of event takes, by size of the file.

    Args:
        events: how many of each at least.
        sizes: lines of the file.
        loaded: keep a verification and a migration running meanwhile.
    """
    found: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="tojax-latency-") as name, Editor() as editor:
        root = Path(name)
        editor.begin(root)
        with work(root) as keep_busy:
            for lines in sizes:
                scene = Scene(editor, (root / f"model{lines}.py").as_uri(), lines)
                for event, act in scene.events.items():

                    def once(act: Callable[[], float] = act) -> float:
                        if loaded:
                            keep_busy(editor)
                        return act()

                    found.append(measured(editor, event, lines, events, once))
    return found


def start_up(runs: int) -> tuple[list[float], list[float]]:
    """Seconds until `initialize` is answered, and those of an import of pygls, in turns."""
    ours, theirs = [], []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import pygls.lsp.server"], check=True)
        theirs.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        with Editor() as editor:
            editor.begin()
            ours.append(time.perf_counter() - begin)
    return ours, theirs


def resident_megabytes(files: int = OPEN_FILES) -> float:
    """The server's memory with so many open files, all of them analysed."""
    with Editor() as editor:
        editor.begin()
        for number in range(files):
            uri = f"file:///project/model{number}.py"
            editor.open(uri, torch_source(OPEN_LINES, 10 * number))
            editor.pull(uri)
        time.sleep(1)  # pages for hovering are made when there is nothing else to do
        return editor.resident_bytes / 1e6


def parse_milliseconds(lines: int, runs: int = 20) -> list[float]:
    """What Python takes to parse such a file: how fast this machine is."""
    source = torch_source(lines)
    return [
        1000 * seconds
        for seconds in timeit.repeat(lambda: ast.parse(source), number=1, repeat=runs)
    ]


def rows(events: int, *, loaded: bool) -> Iterator[str]:
    """The lines of the table."""
    form = "{:12} {:>6} {:>9} {:>9} {:>9} {:>9}"
    yield form.format("event", "lines", "p50", "p95", "limit", "cpu")
    for m in latencies(events, loaded=loaded):
        limit = LIMITS[m.event] * (2 if loaded else 1)
        values = (f"{value:.1f} ms" for value in (m.p50, m.p95))
        yield form.format(m.event, m.lines, *values, f"{limit:.0f} ms", f"{m.processor:.1f} ms")
    for lines in SIZES:
        parse = parse_milliseconds(lines)
        tail = quantiles(parse, n=20)[-1]
        yield form.format("ast.parse", lines, f"{median(parse):.1f} ms", f"{tail:.1f} ms", "", "")
    if not loaded:
        # Percentile by percentile: an import varies by half from one to the next, as do its ratios.
        ours, theirs = (quantiles(seconds, n=20) for seconds in start_up(40))
        ratios = [f"{ours[at] / theirs[at]:.2f} x" for at in (9, 18)]
        yield form.format("initialize", "", *ratios, f"{INITIALIZE_LIMIT} x", "")
        memory = resident_megabytes()
        yield form.format("memory", "", f"{memory:.0f} MB", "", f"{MEMORY_LIMIT:.0f} MB", "")


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200, help="how many of each kind at least")
    parser.add_argument(
        "--loaded", action="store_true", help="while a verification and a migration run"
    )
    options = parser.parse_args()
    for row in rows(options.events, loaded=options.loaded):
        print(row, flush=True)


if __name__ == "__main__":
    main()
