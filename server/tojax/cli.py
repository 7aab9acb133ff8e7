"""The command line: parses arguments, calls the verb, prints.

What is wrong with the input goes to standard error, one line each: ``file:line:column: message``.
"""

from __future__ import annotations

import difflib
import io
import json
import os
import sys
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tojax import console
from tojax.bench.cli import app as bench
from tojax.files import InputError, SourceText

if TYPE_CHECKING:
    from tojax.nouns import Finding, Translation
    from tojax.translate.context import Init

Device = Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="Where to run both versions.")]
Initialisation = Annotated[
    Literal["flax", "torch"] | None,
    typer.Option("--init", help="Like whose layers new parameters start; by default Flax's."),
]
OWN_BUGS = Path(".tojax/bugs")
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

app = typer.Typer(
    help="Moves PyTorch code to JAX, and proves that it did.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """The ``tojax`` command."""
    warnings.simplefilter("ignore")  # what Python remarks about the user's source is not for here
    app(prog_name="tojax")


def _print_version(wanted: bool) -> None:
    if wanted:
        import tojax

        print(f"tojax {tojax.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None: ...


@app.command()
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or `-`.")],
    output_format: Annotated[
        Literal["text", "json", "sarif", "github"], typer.Option(help="How to print findings.")
    ] = "text",
) -> None:
    """Find known pitfalls of moving code to JAX.

    Exit status: 0 no findings, 1 findings, 2 error.
    """
    from tojax.check import SYNTAX_ERROR
    from tojax.report import FindingFormat, render_findings

    findings: list[Finding] = []
    errors = console.Errors()
    for name in console.expand(paths, errors):
        with errors.collect():
            findings += _findings(name)
    for finding in findings:
        if finding.code == SYNTAX_ERROR:
            start = finding.range.start
            place = (finding.filename or "", start.line + 1, start.column + 1)
            errors.lines.append(str(InputError(f"syntax error: {finding.message}", *place)))
    if output_format == "text":  # there the error lines say it
        findings = [finding for finding in findings if finding.code != SYNTAX_ERROR]
    console.write(render_findings(findings, FindingFormat(output_format)).encode())
    errors.fail_if_any()
    raise typer.Exit(1 if findings else 0)


def _own_bugs() -> Path | None:
    """The user's own bug files, if there are any."""
    return OWN_BUGS if OWN_BUGS.is_dir() else None


def _findings(name: str) -> list[Finding]:
    from tojax.check import check as check_source
    from tojax.rules.bugs import BugFileError

    source = console.read(name)
    try:
        return console.on_source(
            name,
            lambda: check_source(source.text, filename=name, extra_bugs=_own_bugs()),
            passing=BugFileError,
        )
    except BugFileError as error:
        console.fail(str(error))


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
    start = _initialisation(init, Path.cwd())
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
    from tojax.model.loop import Progress
    from tojax.model.repairs import FOLDER
    from tojax.model.settings import read_model_settings
    from tojax.rules.bugs import BugFileError, load_bugs

    try:
        settings = read_model_settings(Path.cwd(), options)
        bugs = load_bugs(_own_bugs())
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


def _initialisation(given: Init | None, folder: Path) -> Init:
    """The flag, or what pyproject.toml says."""
    from tojax.pyproject import PyprojectError, initialisation

    try:
        return given or initialisation(folder)
    except PyprojectError as error:
        console.fail(str(error))


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


@app.command()
def verify(
    torch: Annotated[str, typer.Argument(metavar="TORCH", help="The PyTorch version, or `-`.")],
    jax: Annotated[str, typer.Argument(metavar="JAX", help="The JAX version, or `-`.")],
    device: Device = "auto",
    as_json: AsJson = False,
) -> None:
    """Run a PyTorch file and its JAX version and compare them.

    Exit status: 0 verified, 1 differs, 2 error or nothing to compare.
    """
    from tojax.verify import verify as verify_sources
    from tojax.workspace.summary import verdict_line
    from tojax.workspace.verification import missing_frameworks

    errors = console.Errors()
    sources: list[SourceText] = []
    for name in (torch, jax):
        with errors.collect():
            source = console.read(name)
            console.parse(source)
            sources.append(source)
    errors.fail_if_any()
    if missing := missing_frameworks():
        console.fail(_install_hint(missing))
    verdict = verify_sources(sources[0].text, sources[1].text, device=device)
    if as_json:
        print(verdict.model_dump_json(indent=2))
    else:
        for part in verdict.parts or (verdict,):
            print(verdict_line(part))
            for evidence in part.evidence:
                print(f"  {evidence.rung.value}: {evidence.outcome} {evidence.detail}".rstrip())
    raise typer.Exit({"verified": 0, "differs": 1}.get(verdict.status, 2))


def _install_hint(missing: list[str]) -> str:
    return f"{', '.join(missing)} not installed; verification needs: pip install 'tojax[verify]'"


@app.command()
def migrate(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="The project.")],
    out: Annotated[Path | None, typer.Option(help="Where to write; by default DIR_jax.")] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Replace the files; keeps .tojax/backup.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also into a non-empty folder, or over changes.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep the verdicts on what did not change.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Files to verify at a time.")] = 1,
    init: Initialisation = None,
    device: Device = "auto",
    verify: Annotated[bool, typer.Option(help="Run both versions and compare them.")] = True,
) -> None:
    """Translate a project, copy the rest of its files, and verify what has inputs.

    Exit status: 0 all translated and nothing differs, 1 something differs, 3 something
    is unresolved, 2 error or a file that failed.
    """
    from rich.console import Console

    from tojax.workspace import MigrationError
    from tojax.workspace import migrate as migrate_folder
    from tojax.workspace.summary import exit_status, print_summary
    from tojax.workspace.verification import missing_frameworks

    if in_place and out is not None:
        console.fail("--out and --in-place exclude each other")
    start = _initialisation(init, source)
    default = source.resolve().with_name(f"{source.resolve().name}_jax")
    with console.progress_bar("verifying") as on_progress:
        try:
            migration = migrate_folder(
                source,
                source if in_place else out or default,
                force=force,
                in_place=in_place,
                resume=resume,
                jobs=jobs,
                init=start,
                verify=verify,
                device=device,
                on_progress=on_progress,
            )
        except MigrationError as error:
            console.fail(str(error))
        except OSError as error:
            console.fail(f"{error.filename}: {console.os_reason(error)}")
    print_summary(migration, Console())
    if verify and (missing := missing_frameworks()):
        print(f"not verified: {_install_hint(missing)}", file=sys.stderr)
    raise typer.Exit(exit_status(migration))


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(metavar="TJnnn|API", help="Such as torch.sum.")],
) -> None:
    """Show a rule (`torch.sum`, `nn.Linear`) or a known pitfall (`TJ101`)."""
    from rich.console import Console
    from rich.markdown import Markdown

    from tojax.explain import explain as page_of

    try:
        page = page_of(subject)
    except LookupError as error:
        console.fail(str(error))
    terminal = Console()
    if terminal.is_terminal:
        terminal.print(Markdown(page))
    else:
        console.write(page.encode())


@app.command()
def doctor(
    host: Annotated[
        list[str] | None, typer.Option(help="An Ollama server; may be given several times.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model to ask.")] = None,
    as_json: AsJson = False,
) -> None:
    """Look at what is installed, and whether the local model can be asked.

    Exit status: 0 all fine, 1 something is missing.
    """
    from tojax.doctor import diagnose

    checks = diagnose(Path.cwd(), {"host": tuple(host) if host else None, "model": model})
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            print(f"{'ok' if check.ok else 'missing':8}{check.name:{width}}  {check.detail}")
            if check.hint:
                print(f"{'':8}{'':{width}}  {check.hint}")
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


@app.command()
def serve(
    tcp: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Listen on this port of 127.0.0.1.")
    ] = None,
) -> None:
    """Run the language server, by default on standard input and output."""
    from tojax.lsp.transport import serve_stdio, serve_tcp

    if tcp is None:
        serve_stdio()
    else:
        serve_tcp(tcp)


rules = typer.Typer(help="Look at the rule library, and extend it.", no_args_is_help=True)
app.add_typer(rules, name="rules")
app.add_typer(bench, name="bench")


@rules.command("coverage")
def rules_coverage(as_json: AsJson = False) -> None:
    """Say which of PyTorch's public names are translated, left with advice, or unknown."""
    from tojax.coverage import coverage, table
    from tojax.rules.index import rule_index

    found = coverage(rule_index())
    print(json.dumps([asdict(entry) for entry in found], indent=2) if as_json else table(found))


@rules.command("harvest")
def rules_harvest(
    name: Annotated[str | None, typer.Argument(help="A candidate to show.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Move it to .tojax/bugs.")] = False,
) -> None:
    """List the bugs that confirmed repairs of models showed, show one, or keep it.

    Exit status: 0 done, 2 error.
    """
    from tojax.model.harvest import accept, candidates
    from tojax.model.repairs import FOLDER
    from tojax.rules.bugs import BugFileError

    try:
        _gather_repairs(FOLDER)
        found = {bug.slug: bug for bug in candidates(FOLDER)}
        if name is None:
            print("".join(f"{slug}  {bug.title}\n" for slug, bug in found.items()), end="")
        elif name not in found:
            console.fail(f"there is no candidate '{name}' in {FOLDER}")
        elif keep:
            print(accept(found[name], OWN_BUGS))
        else:
            console.write(found[name].page.encode())
    except BugFileError as error:
        console.fail(str(error))
    except OSError as error:
        console.fail(f"{error.filename}: {console.os_reason(error)}")


def _gather_repairs(folder: Path) -> None:
    """Turn the repairs that wait there into candidates."""
    from tojax.model.harvest import gather
    from tojax.model.repairs import kept_repairs
    from tojax.rules.bugs import load_bugs
    from tojax.verify import verify as verify_sources
    from tojax.workspace.verification import missing_frameworks

    if not kept_repairs(folder):
        return
    if missing := missing_frameworks():
        console.fail(_install_hint(missing))
    bugs = load_bugs(_own_bugs())
    for note in gather(folder, bugs, lambda source, jax: verify_sources(source, jax)):
        print(note, file=sys.stderr)


app.command("lsp", hidden=True, help="The same as serve.")(serve)
