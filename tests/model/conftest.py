"""One pair of workers for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tojax.verify.workers import Workers


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    with Workers() as both:
        both.start()
        yield both
