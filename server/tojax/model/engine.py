"""Translates with a model: by itself, or only for what the rules left open."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tojax.model.errors import ModelError
from tojax.model.loop import Chat, Outcome, Progress, Verifier, compares_nothing, height, improve
from tojax.model.merge import merged, origins
from tojax.model.prompt import OURS, Augmentation
from tojax.model.settings import ModelSettings, read_model_settings
from tojax.model.task import Task
from tojax.nouns import Position, Range, Translation, Unresolved, Verdict
from tojax.translate.project import has_crlf, translate_source
from tojax.verify.directives import DirectiveError
from tojax.verify.targets import HOW_TO_ADD_INPUTS, find_targets
from tojax.workspace.verification import missing_frameworks

UNVERIFIED = "TJ206"
_FILE = Range(start=Position(line=0, column=0), end=Position(line=0, column=0))


def translate_with_model(
    source: str,
    *,
    filename: str | None = None,
    engine: Literal["model", "auto"],
    settings: ModelSettings | None = None,
    chat: Chat | None = None,
    device: str = "auto",
    augmentation: Augmentation = OURS,
    cancelled: threading.Event | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_text: Callable[[str], None] | None = None,
) -> Translation:
    """Translate one file with the help of a model.

    With ``auto`` the rules come first. The model is asked for what they left open, and its version
    is taken only if more of it agrees with PyTorch than of theirs; otherwise, and where no model
    can be asked, theirs is the result, and ``note`` says why. With ``model`` the model writes the
    whole file, and its best draft is the result.

    Args:
        source: the PyTorch source.
        filename: its name, for messages.
        engine: who writes.
        settings: which model, where, within which limits; by default as pyproject.toml says.
        chat: what answers; by default the Ollama server of the settings.
        device: where versions are run: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        augmentation: what prompts tell beyond the source.
        cancelled: set it (from another thread) to stop.
        on_progress: called before each step.
        on_text: called with each piece of an answer.

    Raises:
        SyntaxError: the source does not parse.
        ModelError: the model gave no draft that may be run, and ``engine`` is ``"model"``.
    """
    if has_crlf(source):
        arguments = {k: v for k, v in locals().items() if k != "source"}
        made = translate_with_model(source.replace("\r\n", "\n"), **arguments)
        return made.model_copy(update={"code": made.code.replace("\n", "\r\n")})
    translation = translate_source(source, filename)
    if translation.code == source or (engine == "auto" and not translation.unresolved):
        return translation
    try:
        settings = settings or read_model_settings(Path.cwd())
        chat = chat or _client(settings)
        task = Task(source, translation)
        verifier = None if _why_not_run(source) else _trial(source, device, cancelled)
        ask = functools.partial(
            improve,
            task,
            chat,
            verifier,
            settings,
            augmentation=augmentation,
            cancelled=cancelled,
            on_progress=on_progress,
            on_text=on_text,
        )
        if engine == "model":
            return _drafted(task, ask())
        why_not = _why_not_run(source)
        if why_not or verifier is None:
            return _by_rules(translation, f"the model was not asked: {why_not}")
        chat.context_length()  # before anything is run for nothing
        own = verifier.verdict(translation.code, seconds=settings.budget_seconds)
        if compares_nothing(own):
            return _by_rules(translation, f"the model was not asked: {own.message}")
        outcome = ask(finish=lambda code: merged(code, translation.code))
        if outcome.error is not None and outcome.best is None:
            raise outcome.error
        if outcome.best is None or height(_verdict(outcome)) <= height(own):
            note = f"the model did not get further than the rules: {_how(outcome)}"
            return _by_rules(translation.model_copy(update={"verdict": own}), note)
        return _drafted(task, outcome)
    except ModelError as error:
        if engine == "model":
            raise
        return _by_rules(translation, str(error))


def _client(settings: ModelSettings) -> Chat:
    from tojax.model.ollama import Client

    return Client(settings)


def _trial(source: str, device: str, cancelled: threading.Event | None) -> Verifier:
    from tojax.model.trial import Trial
    from tojax.verify.workers import shared_workers

    return Trial(source, shared_workers(), device=device, cancelled=cancelled)


def _why_not_run(source: str) -> str:
    """Why no version of a source can be run, or nothing."""
    missing = missing_frameworks()
    if missing:
        return f"{', '.join(missing)} not installed; it needs: pip install 'tojax[verify]'"
    try:
        return "" if find_targets(source) else HOW_TO_ADD_INPUTS
    except DirectiveError as error:
        return str(error)


def _by_rules(translation: Translation, note: str) -> Translation:
    return translation.model_copy(
        update={"note": note, "origins": origins(translation.code, translation.code)}
    )


def _drafted(task: Task, outcome: Outcome) -> Translation:
    """The best draft as a translation; verified only if its last run on fresh inputs was.

    Raises:
        ModelError: there is no draft that may be run.
    """
    best, rules = outcome.best, task.translation
    if best is None or not best.evidence.may_be_run:
        why = str(best.evidence) if best is not None else "it was not asked"
        raise outcome.error or ModelError(f"the model gave no draft that may be run: {why}")
    verdict = _verdict(outcome)
    left_open = list(best.draft.unresolved) if best.draft is not None else []
    if verdict is None or verdict.status != "verified":
        left_open.insert(0, f"the model's version is not verified: {_how(outcome)}")
    return Translation(
        code=best.code if best.code.endswith("\n") else f"{best.code}\n",
        unresolved=tuple(
            Unresolved(code=UNVERIFIED, name="model", reason=reason, range=_FILE)
            for reason in left_open
        ),
        rules=rules.rules,
        filename=rules.filename,
        origins=origins(best.code, rules.code),
        verdict=verdict,
        note=_how(outcome),
    )


def _verdict(outcome: Outcome) -> Verdict | None:
    """The verdict that counts; of drafts that were not confirmed, one that says so."""
    if outcome.confirmation is not None or outcome.best is None:
        return outcome.confirmation
    verdict = outcome.best.evidence.verdict
    if verdict is None or verdict.status != "verified":
        return verdict
    return verdict.model_copy(
        update={"status": "unverified", "message": "stopped before a second run confirmed it"}
    )


def _how(outcome: Outcome) -> str:
    """How it went, in a few words."""
    drafts = f"{len(outcome.attempts)} draft{'s' if len(outcome.attempts) != 1 else ''}"
    if outcome.ended == "verified":
        return f"verified after {drafts}"
    verdict = outcome.best.evidence.verdict if outcome.best is not None else None
    reached = f", the best: {verdict.message}" if verdict is not None and verdict.message else ""
    endings = {
        "unverified": "it could not be run",
        "rounds": f"{drafts}{reached}",
        "budget": f"out of time after {drafts}{reached}",
        "cancelled": f"cancelled after {drafts}{reached}",
        "failed": f"{outcome.error}, after {drafts}{reached}",
    }
    return endings[outcome.ended]
