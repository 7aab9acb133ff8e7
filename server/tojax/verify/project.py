"""Verifies files of a project, imported from the project's root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tojax.nouns import Verdict
from tojax.verify.single import SEEDS, Pair, Side, verify_pair
from tojax.verify.workers import Workers, shared_workers


def verify_files(
    torch_root: Path,
    jax_root: Path,
    files: Sequence[str],
    *,
    device: str = "auto",
    on_verdict: Callable[[str, Verdict], None] | None = None,
    workers: Workers | None = None,
    seeds: Sequence[int] = SEEDS,
) -> dict[str, list[Verdict]]:
    """As `tojax.verify.verify_project`, with a choice of workers and of seeds for the inputs."""
    verdicts: dict[str, list[Verdict]] = {}
    for file in files:
        pair = Pair(
            _side(torch_root, file),
            _side(jax_root, file),
            workers or shared_workers(),
            device,
            seeds,
        )
        verdicts[file] = verify_pair(pair)
        if on_verdict is not None:
            for verdict in verdicts[file]:
                on_verdict(file, verdict)
    return verdicts


def _side(root: Path, file: str) -> Side:
    path = root / file
    source = path.read_text(encoding="utf-8") if path.is_file() else ""
    return Side(str(root.resolve()), file, source)
