"""The two worker processes as the server sees them."""

from __future__ import annotations

import atexit
import contextlib
import copy
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tojax.verify.exchange import load, save
from tojax.verify.isolation import Limits
from tojax.verify.tree import NumpyArray

PACKAGE = Path(__file__).resolve().parents[1]

# Makes `tojax` importable in another interpreter without the folder that it is installed in.
START = """
import runpy, sys, types
package = types.ModuleType("tojax")
package.__path__ = [sys.argv[1]]
sys.modules["tojax"] = package
from tojax.verify.priority import keep_niceness
keep_niceness()
runpy.run_module(sys.argv[2], run_name="__main__")
"""


class WorkerError(RuntimeError):
    """A worker cannot be started, or died."""


@dataclass(frozen=True)
class JobResult:
    """How a job ended, and the folder that holds what it wrote (gone after the ``with`` block)."""

    outcome: str
    detail: str
    folder: Path

    def read(self, name: str) -> tuple[Any, dict[str, NumpyArray]] | None:
        """Data and arrays that the job saved under ``name``, if it did."""
        return load(self.folder, name)

    @property
    def stage(self) -> str:
        """What the job was doing last."""
        with contextlib.suppress(OSError):
            return (self.folder / "stage").read_text(encoding="utf-8")
        return ""

    def output(self, limit: int = 400) -> str:
        """The last lines that the code under test wrote to standard error."""
        with contextlib.suppress(OSError):
            text = (self.folder / "stderr.txt").read_text(encoding="utf-8", errors="replace")
            return text.strip()[-limit:]
        return ""


class Worker:
    """One worker process, started when first needed and again after it died.

    Args:
        module: the worker's module.
        python: its interpreter.
        cache: a folder for what XLA compiled.
    """

    def __init__(self, module: str, python: str, cache: str = "") -> None:
        self.module, self.python = module, python
        self._environment = {**os.environ, **_cache_settings(cache)}
        self._process: subprocess.Popen[str] | None = None
        self._is_ready = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process without waiting until it is ready."""
        if self._process is None or self._process.poll() is not None:
            self._is_ready = False
            self._process = subprocess.Popen(
                [self.python, "-c", START, str(PACKAGE), self.module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=self._environment,
                start_new_session=True,
            )

    @contextlib.contextmanager
    def run(
        self,
        data: Any,
        arrays: Mapping[str, NumpyArray],
        files: Mapping[str, str],
        limits: Limits,
        device: str,
    ) -> Iterator[JobResult]:
        """Run one job in a folder of its own.

        Args:
            data: the job, as JSON data; ``data["root"]`` None stands for the folder with ``files``.
            arrays: its arrays.
            files: source files to write for it, by relative path.
            limits: what it may use.
            device: ``"cpu"``, ``"cuda"`` or ``"probe"``.

        Raises:
            WorkerError: the worker itself failed.
        """
        with tempfile.TemporaryDirectory(prefix="tojax-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            source = folder / "source"
            for relative, text in files.items():
                path = source / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            if data.get("root") is None:
                source.mkdir(exist_ok=True)
                data = {**data, "root": str(source)}
            save(folder, "job", data, arrays)
            request = {"folder": name, "limits": limits.to_json(), "device": device}
            with self._lock:
                answer = self._ask(request)
            yield JobResult(answer["outcome"], answer["detail"], folder)

    def _ask(self, request: dict[str, Any]) -> dict[str, str]:
        self.start()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise WorkerError("the worker has no channel")
        try:
            if not self._is_ready:
                self._answer(process)
                self._is_ready = True
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise WorkerError(f"{self.module} ended") from None
        return self._answer(process)

    def _answer(self, process: subprocess.Popen[str]) -> dict[str, str]:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            error = process.stderr.read() if process.stderr else ""
            last = error.strip().splitlines()[-1:] or ["no message"]
            raise WorkerError(f"{self.module} does not run in {self.python}: {last[0]}")
        answer: dict[str, str] = json.loads(line)
        return answer

    def interrupt(self) -> None:
        """Kill the process, which ends the job that another thread waits for."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Workers:
    """The PyTorch worker and the JAX worker.

    Args:
        torch_python: interpreter that has PyTorch and the user's packages.
        limits: what one job may use.
    """

    def __init__(self, torch_python: str = sys.executable, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.torch = Worker("tojax.verify.torch_worker", torch_python)
        # Ends with this process: compiled code is only as trustworthy as the jobs that compiled it.
        self._cache = tempfile.TemporaryDirectory(prefix="tojax-xla-", ignore_cleanup_errors=True)
        self.jax = Worker("tojax.verify.jax_worker", sys.executable, self._cache.name)
        self._cuda: str | None = None

    def start(self) -> None:
        """Start both processes, so that the first verification need not wait for both in turn."""
        self.torch.start()
        self.jax.start()

    def limited(self, limits: Limits) -> Workers:
        """The same two processes, with other limits for their jobs."""
        other = copy.copy(self)
        other.limits = limits
        return other

    def interrupt(self) -> None:
        """End the jobs that run; the processes start again when needed."""
        self.torch.interrupt()
        self.jax.interrupt()

    def choose_device(self, wanted: str) -> str:
        """``"cuda"`` or ``"cpu"`` for a wanted device, ``"auto"`` included.

        Raises:
            ValueError: an unknown device, or CUDA where one of the frameworks sees no GPU.
        """
        if wanted not in ("auto", "cpu", "cuda"):
            raise ValueError(f"unknown device {wanted!r}: auto, cpu or cuda")
        if wanted == "cpu" or (wanted == "auto" and not self._may_have_gpu()):
            return "cpu"
        if self._cuda is None:
            self._cuda = "cuda" if self._probe(self.torch) and self._probe(self.jax) else "cpu"
        if wanted == "cuda" and self._cuda != "cuda":
            raise ValueError("PyTorch and JAX do not both see a GPU")
        return self._cuda

    def _may_have_gpu(self) -> bool:
        return Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi") is not None

    def _probe(self, worker: Worker) -> bool:
        with worker.run({"root": None}, {}, {}, self.limits, "probe") as job:
            outcome = job.read("outcome")
            return bool(outcome and outcome[0].get("cuda"))

    def close(self) -> None:
        """End both processes."""
        self.torch.close()
        self.jax.close()
        self._cache.cleanup()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _cache_settings(folder: str) -> dict[str, str]:
    if not folder:
        return {}
    return {
        "JAX_COMPILATION_CACHE_DIR": folder,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


@functools.cache
def shared_workers() -> Workers:
    """The workers of this process, started at the first use and ended at exit."""
    workers = Workers()
    atexit.register(workers.close)
    return workers
