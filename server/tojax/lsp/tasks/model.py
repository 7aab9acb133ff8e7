"""Translating and repairing with a model, in a process that ends when it is cancelled."""

from __future__ import annotations

import time
from typing import Any

from tojax.deep_stack import with_deep_stack
from tojax.lsp.worker import Handler, JobError, Progress
from tojax.model.errors import ModelError
from tojax.model.settings import ModelSettings, read_model_settings

_TELL_SECONDS = 0.2


def draft(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The model's JAX version of a file, verified as far as it goes.

    Params: ``source``, ``repair`` (a JAX version to repair, or None), ``settings`` of the model,
    ``init``, ``device``.
    """
    from tojax.model.engine import translate_with_model
    from tojax.model.outcome import Progress as Step

    told = _Told(progress)

    def on_step(step: Step) -> None:
        told.step(f"round {step.round} of {step.rounds}: {step.doing}, reached: {step.rung.value}")

    try:
        translation = translate_with_model(
            params["source"],
            engine="model",
            settings=_settings(params),
            repair=params["repair"],
            init=params["init"],
            device=params["device"],
            on_progress=on_step,
            on_text=told.text,
        )
    except ModelError as error:
        raise JobError(str(error)) from None
    found: dict[str, Any] = translation.model_dump(mode="json")
    return found


def prompt(params: dict[str, Any], _: Progress) -> dict[str, Any]:
    """What the model would be asked first about ``source``."""
    from tojax.model.engine import first_prompt

    settings = _settings(params)
    try:
        text = with_deep_stack(lambda: str(first_prompt(params["source"], settings)))
    except ModelError as error:
        raise JobError(str(error)) from None
    return {"text": text}


def _settings(params: dict[str, Any]) -> ModelSettings:
    return read_model_settings(None, params["settings"])


class _Told:
    """Tells what is done and how much the model has written, not too often."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._step, self._written, self._last = "", 0, 0.0

    def step(self, step: str) -> None:
        """Something else is done now."""
        self._step, self._written, self._last = step, 0, time.monotonic()
        self._progress({"message": step})

    def text(self, piece: str) -> None:
        """The model has written on."""
        self._written += len(piece)
        if time.monotonic() - self._last >= _TELL_SECONDS:
            self._last = time.monotonic()
            self._progress({"message": f"{self._step} ({self._written} characters)"})


METHODS: dict[str, Handler] = {"draft": draft, "prompt": prompt}
