"""Running a draft against PyTorch: in the verification workers, within a time, and cancellable."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tojax.nouns import Verdict
from tojax.verify.single import SEEDS, Recorded, verify_sources

if TYPE_CHECKING:
    from tojax.verify.workers import Workers

# Inputs for the last word on a draft: none of them was shown to the model as evidence.
FRESH_SEEDS = (101, 102, 103)
LONGEST_JOB = 120.0  # seconds for one of the two sides
_POLL_SECONDS = 0.1


class Trial:
    """Verifies JAX versions of one PyTorch source.

    Args:
        source: the PyTorch source.
        workers: the two worker processes.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        cancelled: set it (from another thread) to end what runs.
        seeds: select the inputs.
        fresh_seeds: select those for the last word on a draft.
    """

    def __init__(
        self,
        source: str,
        workers: Workers,
        *,
        device: str = "auto",
        cancelled: threading.Event | None = None,
        seeds: Sequence[int] = SEEDS,
        fresh_seeds: Sequence[int] = FRESH_SEEDS,
    ) -> None:
        self._source, self._workers, self._device = source, workers, device
        self._cancelled, self._seeds, self._fresh_seeds = cancelled, seeds, fresh_seeds
        self._recorded: Recorded = {}

    def verdict(self, code: str, *, seconds: float = LONGEST_JOB, fresh: bool = False) -> Verdict:
        """How a JAX version compares.

        Args:
            code: the JAX version, which has passed the allow-list.
            seconds: how long it may take.
            fresh: take inputs that were not used before.
        """
        limits = replace(self._workers.limits, seconds=max(min(seconds, LONGEST_JOB), 1.0))
        with self._ended_after(seconds):
            return verify_sources(
                self._source,
                code,
                device=self._device,
                workers=self._workers.limited(limits),
                seeds=self._fresh_seeds if fresh else self._seeds,
                recorded=self._recorded,
            )

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        """End the workers' jobs when the time is up or the caller cancels."""
        deadline, done = time.monotonic() + seconds, threading.Event()

        def watch() -> None:
            while not done.wait(_POLL_SECONDS):
                if time.monotonic() > deadline or (self._cancelled and self._cancelled.is_set()):
                    self._workers.interrupt()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
