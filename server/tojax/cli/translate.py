"""``tojax translate``."""

from __future__ import annotations

import difflib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tojax import console
from tojax.cli.options import AsJson, Initialisation
from tojax.cli.settings import initialisation, own_bugs
from tojax.files import InputError, SourceText

if TYPE_CHECKING:
    from tojax.nouns import Translation
    from tojax.translate.context import Init

app = typer.Typer(add_completion=False)


@app.command()
def translate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Python files or `-`.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    out_dir: Annotated[Path | None, typer.Option(help="Folder to write into.")] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Print what would change.")] = False,
    select: Annotated[str | None, typer.Option(help="Only this class or function.")] = None,
    init: Initialisation = None,
    engine: Annotated[
        Literal["rules", "model", "auto"],
        typer.Option(help="What translates: rules, a local model, or rules and then the model."),
    ] = "rules",
    model: Annotated[str | None, typer.Option(help="The model to ask, such as `qwen3:8b`.")] = None,
    host: Annotated[str | None, typer.Option(help="The Ollama server to ask.")] = None,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Print what the model would be asked first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Translate files, each on its own, to JAX.

    Exit status: 0 all translated, 3 written with something unresolved, 2 error and nothing written.
    """
    from tojax.workspace.summary import unresolved_line

    if (output is not None) + (out_dir is not None) + diff + as_json > 1:
        console.fail("-o, --out-dir, --diff and --json exclude each other")
    if len(files) > 1 and out_dir is None and not (diff or as_json):
        console.fail("several files need --out-dir, --diff or --json")
    if engine == "rules" and not show_prompt and (model or host):
        console.fail("--model and --host need --engine model or --engine auto")
    errors = console.Errors()
    done: list[tuple[SourceText, Translation, bytes]] = []
    options = {"model": model, "host": host}
    if show_prompt:
        for name in files:
            with errors.collect():
                console.write(_prompt(name, options).encode())
        errors.fail_if_any()
        raise typer.Exit
    start = initialisation(init, Path.cwd())
    for name in files:
        with errors.collect():
            done.append(_translated(name, engine, options, select, start))
    errors.fail_if_any()
    for source, translation, _ in done:
        if translation.note:
            print(f"{source.filename}: {translation.note}", file=sys.stderr)
        for unresolved in translation.unresolved:
            print(unresolved_line(source.filename, unresolved), file=sys.stderr)
    if as_json:
        console.write("".join(f"{t.model_dump_json()}\n" for _, t, _ in done).encode())
    elif diff:
        console.write("".join(_diff(source, t.code) for source, t, _ in done).encode())
    elif out_dir is not None:
        _write_folder(out_dir, {source.filename: data for source, _, data in done})
    else:
        console.write(done[0][2], output)
    raise typer.Exit(3 if any(t.unresolved for _, t, _ in done) else 0)


def _translated(
    name: str,
    engine: Literal["rules", "model", "auto"],
    options: dict[str, str | None],
    select: str | None,
    init: Init,
) -> tuple[SourceText, Translation, bytes]:
    from tojax.translate import translate as translate_source
    from tojax.translate.selection import selected

    source = console.read(name)
    if engine == "rules":
        translation = console.on_source(
            name, lambda: translate_source(source.text, filename=name, init=init)
        )
    else:
        translation = _with_model(source, engine, options, init)
    if select is not None:
        try:
            translation = selected(translation, source.text, select)
        except ValueError as error:
            raise InputError(str(error), name, 1, 1) from error
    return source, translation, source.encode(translation.code)


def _with_model(
    source: SourceText,
    engine: Literal["model", "auto"],
    options: dict[str, str | None],
    init: Init,
) -> Translation:
    from tojax.model.engine import translate_with_model
    from tojax.model.errors import ModelError
    from tojax.model.outcome import Progress
    from tojax.model.repairs import FOLDER
    from tojax.model.settings import read_model_settings
    from tojax.rules.bugs import BugFileError, load_bugs

    try:
        settings = read_model_settings(Path.cwd(), options)
        bugs = load_bugs(own_bugs())
        with console.progress_bar("translating") as advance:

            def on_progress(at: Progress) -> None:
                reached = f", {at.rung.value}" if at.rung.height else ""
                advance(f"{source.filename}: {at.doing}{reached}", at.round - 1, at.rounds)

            return console.on_source(
                source.filename,
                lambda: translate_with_model(
                    source.text,
                    filename=source.filename,
                    engine=engine,
                    init=init,
                    settings=settings,
                    bugs=bugs,
                    repairs=FOLDER,
                    on_progress=on_progress,
                ),
                passing=ModelError,
            )
    except BugFileError as error:
        console.fail(str(error))
    except ModelError as error:
        console.fail(f"{source.filename}: {error}")


def _prompt(name: str, options: dict[str, str | None]) -> str:
    from tojax.model.engine import first_prompt
    from tojax.model.errors import ModelError
    from tojax.model.settings import read_model_settings

    source = console.read(name)
    try:
        settings = read_model_settings(Path.cwd(), options)
        return console.on_source(
            name, lambda: str(first_prompt(source.text, settings)), passing=ModelError
        )
    except ModelError as error:
        console.fail(f"{name}: {error}")


def _diff(source: SourceText, code: str) -> str:
    before, after = (io.StringIO(text).readlines() for text in (source.text, code))
    lines = difflib.unified_diff(before, after, source.filename, source.filename)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _write_folder(out_dir: Path, files: dict[str, bytes]) -> None:
    """Write files under their names, below the folder that they have in common."""
    names = {name: "stdin.py" if name == console.STANDARD_INPUT else name for name in files}
    paths = {name: Path(given).parent.resolve() / Path(given).name for name, given in names.items()}
    common = os.path.commonpath([path.parent for path in paths.values()])
    for name, path in paths.items():
        target = out_dir / path.relative_to(common)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            console.fail(f"{error.filename}: {console.os_reason(error)}")
        console.write(files[name], target)
