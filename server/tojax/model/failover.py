"""Asking several hosts in turn, and again after a pause where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tojax.model.errors import ModelError
from tojax.model.failures import is_transient, most_telling

PAUSES = (0.2, 0.6)
"""Seconds before the second and the third round."""

Result = TypeVar("Result")


@dataclass
class Attempt:
    """One try at one host; once its answer has begun there is no other try."""

    host: str
    begun: bool = False


async def first_answer(hosts: Sequence[str], ask: Callable[[Attempt], Awaitable[Result]]) -> Result:
    """The answer of the first host that gives one.

    Raises:
        ModelError: none did, or an answer broke off.
    """
    errors: dict[str, ModelError] = {}
    for pause in (*PAUSES, None):
        for host in hosts:
            attempt = Attempt(host)
            try:
                return await ask(attempt)
            except ModelError as error:
                if attempt.begun:
                    raise
                errors[host] = error
        hosts = [host for host in hosts if is_transient(errors[host])]
        if not hosts or pause is None:
            break
        await asyncio.sleep(pause)
    raise most_telling(list(errors.values()))
