"""Room for deeply nested source: Python's own visitors recurse once per level of the tree."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

STACK_BYTES = 512 * 2**20  # only what is used is ever backed by memory
RECURSION_LIMIT = 200_000


def with_deep_stack(work: Callable[[], Result]) -> Result:
    """Run ``work`` in a thread with a large stack and return what it returns.

    Raises:
        BaseException: whatever ``work`` raises.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again in the caller's thread
            errors.append(error)

    stack_bytes, recursion_limit = threading.stack_size(STACK_BYTES), sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        thread = threading.Thread(target=run, name="tojax-deep-stack", daemon=True)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack_bytes)
        sys.setrecursionlimit(recursion_limit)
    if errors:
        raise errors[0]
    return results[0]
