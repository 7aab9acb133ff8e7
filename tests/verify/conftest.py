"""One pair of workers for all tests of a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tojax.nouns import Verdict
from tojax.verify.isolation import Limits
from tojax.verify.single import verify_sources
from tojax.verify.workers import Workers


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    with Workers(limits=Limits(seconds=180, memory_bytes=4 << 30)) as both:
        both.start()
        yield both


@pytest.fixture
def check(workers: Workers) -> Callable[..., Verdict]:
    """Verify two sources on the CPU with two sets of inputs."""

    def run(torch_source: str, jax_source: str, **options: Any) -> Verdict:
        options = {"device": "cpu", "seeds": (0, 1), "workers": workers} | options
        return verify_sources(torch_source, jax_source, **options)

    return run
