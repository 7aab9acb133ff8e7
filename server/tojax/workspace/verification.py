"""Verifies the files of a migrated folder, several at a time if wanted."""

from __future__ import annotations

import importlib.util
import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

from tojax.nouns import Rung, Verdict
from tojax.workspace.translation import internal_error

FRAMEWORKS = ("torch", "jax", "flax", "optax", "numpy")


def missing_frameworks() -> list[str]:
    """What verification needs and this interpreter lacks; nothing is imported."""
    return [name for name in FRAMEWORKS if importlib.util.find_spec(name) is None]


def verify_paths(
    torch_root: Path, jax_root: Path, paths: Sequence[str], *, jobs: int = 1, device: str = "auto"
) -> Iterator[tuple[str, list[Verdict]]]:
    """Yield every path with its verdicts (none where there is nothing to run), as they are known.

    Args:
        torch_root: the PyTorch project.
        jax_root: its JAX version.
        paths: relative POSIX paths of the files.
        jobs: how many files to verify at a time, each with two worker processes.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
    """
    if not paths:
        return
    from tojax.verify.project import verify_files
    from tojax.verify.workers import Workers

    with ExitStack() as stack:
        idle: queue.SimpleQueue[Workers] = queue.SimpleQueue()
        count = min(jobs, len(paths))
        for _ in range(count):
            idle.put(stack.enter_context(Workers()))

        def verdicts(path: str) -> list[Verdict]:
            workers = idle.get()
            try:
                found = verify_files(torch_root, jax_root, [path], device=device, workers=workers)
                return found[path]
            except Exception as error:
                reason = internal_error(error)
                return [Verdict(target="<file>", status="error", rung=Rung.NOTHING, message=reason)]
            finally:
                idle.put(workers)

        executor = ThreadPoolExecutor(count)
        stack.callback(executor.shutdown, cancel_futures=True)
        pending = {executor.submit(verdicts, path): path for path in paths}
        for future in as_completed(pending):
            yield pending[future], future.result()
