"""Running both versions: verdicts, cost, and what JAX makes of the translated code."""

from __future__ import annotations

import functools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from tojax.deep_stack import with_deep_stack
from tojax.lsp.tasks.project import imported_files
from tojax.lsp.worker import Handler, JobError, Progress

FILE = "code_under_test.py"


@functools.cache
def _workers() -> Any:
    from tojax.verify.workers import Workers

    return Workers()


@functools.cache
def _compiler() -> Any:
    from tojax.verify.workers import Worker

    return Worker("tojax.lsp.tasks.ir_worker", sys.executable)


def verify(params: dict[str, Any], _: Progress) -> dict[str, Any]:
    """The verdict on a PyTorch text and its JAX version.

    Params: ``torch`` and ``jax`` texts, ``root`` and ``file`` where they belong (or None),
    ``device``, ``timeout``.
    """
    from tojax.verify.project import verify_files
    from tojax.verify.single import verify_sources, whole

    missing = _missing()
    if missing:
        raise JobError(missing)
    workers = _limited(params["timeout"])
    with _sides(params) as (torch_root, jax_root, file):
        if torch_root is None:
            verdict = verify_sources(
                params["torch"], params["jax"], device=params["device"], workers=workers
            )
        else:
            found = verify_files(
                torch_root, jax_root, [file], device=params["device"], workers=workers
            )
            verdict = whole(found[file])
    result: dict[str, Any] = verdict.model_dump(mode="json")
    return result


def _missing() -> str:
    from tojax.workspace.verification import missing_frameworks

    missing = missing_frameworks()
    if not missing:
        return ""
    return f"{', '.join(missing)} not installed; verification needs: pip install 'tojax[verify]'"


def _limited(seconds: float) -> Any:
    workers = _workers()
    workers.limits = replace(workers.limits, seconds=seconds)
    return workers


@contextmanager
def _sides(params: dict[str, Any]) -> Iterator[tuple[Path | None, Path, str]]:
    """Folders with both versions of the files that a file imports; None if it imports none."""
    if params["root"] is None:
        yield None, Path(), FILE
        return
    file = params["file"]
    torch_files = imported_files(Path(params["root"]), file, {file: params["torch"]})
    if len(torch_files) == 1:
        yield None, Path(), FILE
        return
    from tojax.translate import translate_project

    jax_files = {
        path: item.code
        for path, item in with_deep_stack(lambda: translate_project(torch_files)).items()
    }
    jax_files[file] = params["jax"] if params["own"] else jax_files[file]
    with tempfile.TemporaryDirectory(prefix="tojax-project-") as name:
        roots = Path(name) / "torch", Path(name) / "jax"
        for root, files in zip(roots, (torch_files, jax_files), strict=True):
            for path, text in files.items():
                target = root / PurePosixPath(path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        yield *roots, file


def compile_target(params: dict[str, Any], _: Progress) -> dict[str, Any]:
    """What JAX makes of one target, called as for its verification.

    Params: as for `verify`, and ``name`` (or None for the file's first target), ``form``:
    ``jaxpr``, ``stablehlo``, ``hlo`` or ``cost``.
    """
    from tojax.verify.targets import find_targets

    missing = _missing()
    if missing:
        raise JobError(missing)
    workers = _limited(params["timeout"])
    targets = find_targets(params["torch"])
    name = params["name"]
    with _sides(params) as (torch_root, jax_root, file):
        for target in targets:
            names = [target.name]
            if not target.name:
                names = _recorded(workers, params, target, torch_root, file).get("targets", [])
            for found in names:
                if name is None or found == name or found == name.partition(".")[0]:
                    named = replace(target, name=found)
                    return _compiled(workers, params, named, torch_root, jax_root, file)
    raise JobError(
        f"nothing to call{f' for {name}' if name else ''}: add get_inputs() to the file, or a "
        "`# tojax: inputs=(…)` comment above the definition"
    )


def _recorded(
    workers: Any, params: dict[str, Any], target: Any, root: Path | None, file: str
) -> dict[str, Any]:
    """What the PyTorch side tells about a target: its names, or how JAX is to call it."""
    job = {
        "root": None if root is None else str(root),
        "file": file,
        "target": target.to_json(),
        "seeds": [0],
        "given": None,
    }
    files = {file: params["torch"]} if root is None else {}
    device = workers.choose_device(params["device"])
    with workers.torch.run(job, {}, files, workers.limits, device) as result:
        outcome, to_jax = result.read("outcome"), result.read("to_jax")
        if outcome is None or "error" in outcome[0]:
            why = outcome[0]["error"] if outcome else f"{result.detail} {result.output()}".strip()
            raise JobError(f"the PyTorch version fails: {why}")
        if "unverified" in outcome[0]:
            raise JobError(str(outcome[0]["unverified"]))
        return {**outcome[0], "to_jax": to_jax}


def _compiled(
    workers: Any,
    params: dict[str, Any],
    target: Any,
    torch_root: Path | None,
    jax_root: Path,
    file: str,
) -> dict[str, Any]:
    recorded = _recorded(workers, params, target, torch_root, file)
    if recorded["to_jax"] is None:
        raise JobError(f"there is nothing to call for {target.name}")
    data, arrays = recorded["to_jax"]
    job = {
        **data,
        "root": None if torch_root is None else str(jax_root),
        "file": file,
        "wide": False,
        "form": params["form"],
    }
    files = {file: params["jax"]} if torch_root is None else {}
    device = workers.choose_device(params["device"])
    with _compiler().run(job, arrays, files, workers.limits, device) as result:
        outcome = result.read("outcome")
        if outcome is None:
            raise JobError(f"the JAX version fails: {result.detail} {result.output()}".strip())
        if "error" in outcome[0]:
            raise JobError(f"the JAX version fails: {outcome[0]['error']}")
        found: dict[str, Any] = {"target": target.name, **outcome[0]}
        return found


METHODS: dict[str, Handler] = {"verify": verify, "compile": compile_target}
