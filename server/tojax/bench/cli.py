"""The commands below ``tojax bench``."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tojax import console
from tojax.files import InputError

if TYPE_CHECKING:
    from tojax.bench.cases import Case
    from tojax.bench.journal import Journal
    from tojax.bench.records import Plan
    from tojax.model.loop import Chat, Verifier
    from tojax.model.settings import ModelSettings

_PACKAGES = ("matplotlib", "scipy", "statsmodels", "tree_sitter", "tree_sitter_python", "ollama")

app = typer.Typer(
    name="bench",
    help="Measure how good translations are.",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def _group() -> None: ...


@app.command()
def experiment(
    cases: Annotated[
        Path | None, typer.Option(help="PyTorch files with get_inputs(); by default our models.")
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="A model to compare; may be given several times.")
    ] = None,
    arm: Annotated[
        list[str] | None,
        typer.Option(help="baseline, augmented, retrieved or auto; by default all of them."),
    ] = None,
    judge: Annotated[
        list[str] | None, typer.Option(help="A model that judges; by default the first model.")
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="Samples of each case, model and arm.")] = 3,
    out: Annotated[Path, typer.Option(help="Folder of the journal and the report.")] = Path(
        "tojax-experiment"
    ),
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the journal in that folder.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many cases.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the samples, and of the statistics.")] = 0,
    host: Annotated[
        list[str] | None, typer.Option(help="An Ollama server; may be given several times.")
    ] = None,
) -> None:
    """Have models translate PyTorch code in several ways, run what they write, and compare.

    Exit status: 0 done, 2 error; what is done then is kept, and --resume goes on with it.
    """
    from tojax.bench.arms import ARMS
    from tojax.bench.experiment import Experiment, plan_of
    from tojax.bench.journal import Journal, JournalError
    from tojax.cli.settings import own_bugs
    from tojax.model.errors import ModelError
    from tojax.model.settings import read_model_settings
    from tojax.rules.bugs import BugFileError, load_bugs

    arms = arm or list(ARMS)
    if unknown := [name for name in arms if name not in ARMS]:
        console.fail(f"there is no arm {unknown[0]!r}: {', '.join(ARMS)}")
    _need_packages()
    found = _cases(cases, limit)
    try:
        settings = read_model_settings(Path.cwd(), {"host": tuple(host) if host else None})
        models = model or [settings.model]
        bugs = load_bugs(own_bugs())
        plan = plan_of(
            found,
            bugs,
            settings,
            models=models,
            arms=arms,
            judges=judge or models[:1],
            samples=samples,
            seed=seed,
        )
        chat_of = _client_of(settings)
        with Journal(out / "journal.jsonl", plan, resume=resume) as journal:
            with console.progress_bar("experiment") as on_progress:
                Experiment(
                    plan, found, bugs, settings, chat_of, _trial_of, journal, on_progress
                ).run()
            _report(journal, plan, out)
    except (BugFileError, JournalError) as error:
        console.fail(str(error))
    except ModelError as error:
        console.fail(f"{error}; what is done is kept in {out}: --resume goes on with it")
    except KeyboardInterrupt:
        console.fail(f"stopped; what is done is kept in {out}: --resume goes on with it")
    except OSError as error:
        console.fail(f"{error.filename}: {console.os_reason(error)}")


def _need_packages() -> None:
    from tojax.workspace.verification import FRAMEWORKS

    names = (*FRAMEWORKS, *_PACKAGES)
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        needed = "the experiment needs: pip install 'tojax[bench,model]'"
        console.fail(f"{', '.join(missing)} not installed; {needed}")


def _cases(folder: Path | None, limit: int | None) -> list[Case]:
    from tojax.bench.cases import own_cases, read_cases

    folder = folder or own_cases()
    if folder is None:
        console.fail("name a folder of PyTorch files with get_inputs(): --cases DIR")
    try:
        found, left_out = read_cases(folder)
    except InputError as error:
        console.fail(str(error))
    except OSError as error:
        console.fail(f"{error.filename}: {console.os_reason(error)}")
    for name, why in left_out.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    if not found:
        console.fail(f"{folder}: no PyTorch file that can be run")
    return found[:limit]


def _client_of(settings: ModelSettings) -> Callable[[str], Chat]:
    from tojax.model.ollama import Client

    @functools.cache
    def client_of(model: str) -> Chat:
        return Client(settings.model_copy(update={"model": model, "alternatives": ()}))

    return client_of


def _trial_of(source: str) -> Verifier:
    from tojax.model.trial import Trial
    from tojax.verify.workers import shared_workers

    return Trial(source, shared_workers())


def _report(journal: Journal, plan: Plan, out: Path) -> None:
    from tojax.bench.records import Judgement, Sample, Start
    from tojax.bench.report import write_reports
    from tojax.bench.summary import summarise

    entries = journal.entries.values()
    summary = summarise(
        plan,
        [entry for entry in entries if isinstance(entry, Start)],
        [entry for entry in entries if isinstance(entry, Sample)],
        [entry for entry in entries if isinstance(entry, Judgement)],
    )
    for arm in summary["arms"]:
        first, final = (arm[which]["verified"]["1"] for which in ("pass@k", "pass@k after repair"))
        print(f"{arm['model']} {arm['arm']}: pass@1 {first:.3f}, after repair {final:.3f}")
    for path in write_reports(summary, out):
        print(path)
