"""Settings for every test: XLA compiles quickly rather than well, and on one thread each."""

from __future__ import annotations

import gc
import os

import pytest

_FAST = (
    "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true "
    "--xla_cpu_use_fusion_emitters=false --xla_cpu_multi_thread_eigen=false"
)
os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {_FAST}".strip()
os.environ.setdefault("OMP_NUM_THREADS", "1")
# JAX keeps what it has traced: looking through all of that again and again finds no garbage.
gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, dealt out among the workers: none is left alone with one at the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    items[:] = [item for first in range(workers) for item in items[first::workers]]
