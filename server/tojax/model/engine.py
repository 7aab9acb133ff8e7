"""Translates with a model: by itself, or only for what the rules left open."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tojax.model.errors import ModelError
from tojax.model.loop import Chat, Verifier, improve
from tojax.model.merge import merged, origins
from tojax.model.outcome import Outcome, Progress, compares_nothing
from tojax.model.prompt import OURS, USUAL_CONTEXT, Augmentation, Prompt, build_prompt
from tojax.model.repairs import keep, repair_of
from tojax.model.settings import ModelSettings, read_model_settings
from tojax.model.task import Task
from tojax.nouns import Position, Range, Translation, Unresolved, Verdict
from tojax.rules.bugs import Bug, load_bugs
from tojax.translate.context import Init
from tojax.translate.project import has_crlf, translate_source
from tojax.verify.directives import DirectiveError
from tojax.verify.targets import HOW_TO_ADD_INPUTS, find_targets
from tojax.workspace.verification import missing_frameworks

UNVERIFIED = "TJ206"
_NOT_REACHED = "the inputs do not reach what is left open"
_BYTE_ORDER_MARK = "\ufeff"
_FILE = Range(start=Position(line=0, column=0), end=Position(line=0, column=0))


def translate_with_model(
    source: str,
    *,
    filename: str | None = None,
    engine: Literal["model", "auto"],
    settings: ModelSettings | None = None,
    chat: Chat | None = None,
    device: str = "auto",
    repair: str | None = None,
    init: Init = "flax",
    augmentation: Augmentation = OURS,
    bugs: tuple[Bug, ...] | None = None,
    repairs: Path | None = None,
    cancelled: threading.Event | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_text: Callable[[str], None] | None = None,
) -> Translation:
    """Translate one file with the help of a model.

    With ``auto`` the rules come first. The model is asked for what they left open, and its version
    is taken only if all of it agrees with PyTorch where theirs did not: a mark says more than a
    wrong line. Otherwise, and where no model can be asked, theirs is the result, and ``note`` says
    why. With ``model`` the model writes the
    whole file, and its best draft is the result.

    Args:
        source: the PyTorch source.
        filename: its name, for messages.
        engine: who writes.
        settings: which model, where, within which limits; by default as pyproject.toml says.
        chat: what answers; by default the Ollama server of the settings.
        device: where versions are run: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        repair: with ``"model"``, a JAX version that the model is to repair.
        init: like whose layers new parameters start in what the rules write.
        augmentation: what prompts tell beyond the source.
        bugs: the fixed bugs that may be told; by default the library.
        repairs: a folder to keep repairs in that verification confirmed.
        cancelled: set it (from another thread) to stop.
        on_progress: called before each step.
        on_text: called with each piece of an answer.

    Raises:
        SyntaxError: the source does not parse.
        ModelError: the model gave no draft that may be run, and ``engine`` is ``"model"``.
    """
    mark = _BYTE_ORDER_MARK if source.startswith(_BYTE_ORDER_MARK) else ""
    plain = source.removeprefix(mark)
    plain = plain.replace("\r\n", "\n") if has_crlf(plain) else plain
    translation = translate_source(plain, filename, init)
    if translation.unresolved or (engine == "model" and translation.code != plain):
        settings = settings or read_model_settings(Path.cwd())
        task = Task(plain, translation, load_bugs() if bugs is None else bugs)
        verifier = None if _why_not_run(plain) else _trial(plain, device, cancelled)

        def ask(chat: Chat, finish: Callable[[str], str] = lambda code: code) -> Outcome:
            outcome = improve(
                task,
                chat,
                verifier,
                settings,
                finish=finish,
                repair=repair,
                augmentation=augmentation,
                cancelled=cancelled,
                on_progress=on_progress,
                on_text=on_text,
            )
            _keep_repair(task, outcome, repairs)
            return outcome

        if engine == "model":
            translation = _drafted(task, ask(chat or _client(settings)))
        else:
            translation = _completed(task, chat, verifier, settings, ask)
    code = translation.code.replace("\n", "\r\n") if has_crlf(source) else translation.code
    return translation.model_copy(update={"code": mark + code})


def first_prompt(source: str, settings: ModelSettings) -> Prompt:
    """What a model would be asked first; for a model that cannot be asked, a usual context.

    Raises:
        SyntaxError: the source does not parse.
        PromptTooLong: the context is too short.
    """
    try:
        context = _client(settings).context_length()
    except ModelError:
        context = USUAL_CONTEXT
    return build_prompt(Task(source, translate_source(source)), context)


def _completed(
    task: Task,
    chat: Chat | None,
    verifier: Verifier | None,
    settings: ModelSettings,
    ask: Callable[..., Outcome],
) -> Translation:
    """The rules' translation, or the model's version of what they left open if that is better."""
    rules = task.translation
    if verifier is None:
        return _by_rules(rules, f"the model was not asked: {_why_not_run(task.source)}")
    try:
        chat = chat or _client(settings)
        chat.context_length()  # before anything is run for nothing
        own = verifier.verdict(rules.code, seconds=settings.budget_seconds)
        if compares_nothing(own):
            return _by_rules(rules, f"the model was not asked: {own.message}")
        if own.status == "verified":
            return _by_rules(rules, f"the model was not asked: {_NOT_REACHED}", own)
        outcome = ask(chat, lambda code: merged(code, rules.code))
        if outcome.ended == "verified":
            return _drafted(task, outcome)
        note = f"the model's version is not taken: {_how(outcome)}"
        return _by_rules(rules, note, own)
    except ModelError as error:
        return _by_rules(rules, str(error))


def _keep_repair(task: Task, outcome: Outcome, folder: Path | None) -> None:
    repair = repair_of(task, outcome)
    if folder is not None and repair is not None:
        with contextlib.suppress(OSError):  # the translation does not depend on it
            keep(repair, folder)


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


def _by_rules(translation: Translation, note: str, verdict: Verdict | None = None) -> Translation:
    by_rules = origins(translation.code, translation.code)
    return translation.model_copy(update={"note": note, "origins": by_rules, "verdict": verdict})


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
    """The verdict that counts: nothing is verified by a first run alone."""
    if outcome.confirmation is not None or outcome.best is None:
        return outcome.confirmation
    verdict = outcome.best.evidence.verdict
    return _unconfirmed(verdict) if verdict is not None else None


def _unconfirmed(verdict: Verdict) -> Verdict:
    parts = tuple(map(_unconfirmed, verdict.parts))
    if verdict.status != "verified":
        return verdict.model_copy(update={"parts": parts})
    message = "stopped before a second run could confirm it"
    return verdict.model_copy(update={"status": "unverified", "message": message, "parts": parts})


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
