"""Verifies one pair of files, target by target."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tojax.nouns import Evidence, Rung, Verdict
from tojax.verify.directives import DirectiveError
from tojax.verify.expectations import states_before
from tojax.verify.ladder import Climb, Status
from tojax.verify.laws import ample, float64
from tojax.verify.targets import GET_INIT_INPUTS, HOW_TO_ADD_INPUTS, Target, find_targets
from tojax.verify.tree import NumpyArray, encode
from tojax.verify.workers import JobResult, WorkerError, Workers, shared_workers

SEEDS = (0, 1, 2)
FILE = "code_under_test.py"
WHOLE = "<file>"


@dataclass(frozen=True)
class Side:
    """Where a version lies: a project's root, or None for files given as text."""

    root: str | None
    file: str
    source: str

    @property
    def files(self) -> dict[str, str]:
        """What the worker has to write down first."""
        return {} if self.root is not None else {self.file: self.source}


# What PyTorch gave, by target, device and seeds.
Recorded = dict[tuple[Any, ...], Any]


@dataclass(frozen=True)
class Pair:
    """Both versions of a file, and how to run them.

    ``recorded`` keeps what PyTorch gave, for other JAX versions of the same file and inputs.
    """

    torch: Side
    jax: Side
    workers: Workers
    device: str = "auto"
    seeds: Sequence[int] = SEEDS
    given: tuple[Any, Mapping[str, NumpyArray]] | None = None
    recorded: Recorded = field(default_factory=dict)


def verify_sources(
    torch_source: str,
    jax_source: str,
    *,
    inputs: Sequence[Any] | None = None,
    device: str = "auto",
    workers: Workers | None = None,
    seeds: Sequence[int] = SEEDS,
    recorded: Recorded | None = None,
) -> Verdict:
    """As `tojax.verify.verify`, with a choice of workers and of the seeds for the inputs.

    Verifying several JAX versions of one PyTorch source (and ``inputs``) is quicker when the calls
    share a dictionary ``recorded``: PyTorch then runs once.
    """
    pair = Pair(
        Side(None, FILE, torch_source),
        Side(None, FILE, jax_source),
        workers or shared_workers(),
        device,
        seeds,
        None if inputs is None else _encode_inputs(inputs),
        {} if recorded is None else recorded,
    )
    return whole(verify_pair(pair))


def _encode_inputs(inputs: Sequence[Any]) -> tuple[Any, dict[str, NumpyArray]]:
    from tojax.verify.foreign import ForeignArrays

    store: list[NumpyArray] = []
    data = encode(list(inputs), ForeignArrays(), store)
    return data, {f"given{index}": array for index, array in enumerate(store)}


def whole(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict for several: the weakest, with all of them as its parts."""
    if not verdicts:
        return Verdict(
            target=WHOLE, status="unverified", rung=Rung.NOTHING, message=HOW_TO_ADD_INPUTS
        )
    if len(verdicts) == 1:
        return verdicts[0]
    order = ("error", "differs", "unverified", "verified")
    weakest = min(verdicts, key=lambda v: (order.index(v.status), v.rung.height))
    message = f"{weakest.target}: {weakest.message}" if weakest.message else ""
    unreached = tuple(dict.fromkeys(place for v in verdicts for place in v.unreached))
    parts = tuple(verdicts)
    return weakest.model_copy(
        update={"target": WHOLE, "message": message, "unreached": unreached, "parts": parts}
    )


def verify_pair(pair: Pair) -> list[Verdict]:
    """A verdict for every target of a pair of files."""
    try:
        targets = find_targets(pair.torch.source)
    except DirectiveError as error:
        return [_ended(WHOLE, "error", str(error))]
    except (SyntaxError, ValueError, RecursionError) as error:
        return [_ended(WHOLE, "error", f"the PyTorch version does not parse: {error}")]
    if pair.given is not None:
        targets = [_main_target(pair.torch.source, targets)]
    try:
        return [verdict for target in targets for verdict in _verify_target(pair, target)]
    except (WorkerError, ValueError) as error:
        return [_ended(WHOLE, "error", str(error))]


def _main_target(source: str, targets: list[Target]) -> Target:
    """What inputs that the caller gave are for."""
    tree = ast.parse(source)
    names = {node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    init = f"{GET_INIT_INPUTS}()" if GET_INIT_INPUTS in names else None
    named = [target for target in targets if target.name]
    if named:
        return replace(named[-1], inputs=None)
    return Target("Model" if "Model" in names else "", init)


def _verify_target(pair: Pair, target: Target) -> list[Verdict]:
    device = pair.workers.choose_device(pair.device)
    if not target.name:
        names = _names(pair, target, device)
        if isinstance(names, Verdict):
            return [names]
        if not names:
            text = "get_inputs() fits no class and no function of this file"
            return [_ended(WHOLE, "unverified", text)]
        return [
            verdict
            for name in names
            for verdict in _verify_target(pair, replace(target, name=name))
        ]
    verdict = _verify_on(pair, target, device)
    if verdict.status == "error" and device == "cuda" and pair.device == "auto":
        verdict = _verify_on(pair, target, "cpu")
    return [verdict]


def _names(pair: Pair, target: Target, device: str) -> list[str] | Verdict:
    """What a nameless target stands for, or why nobody can tell."""
    key = (target, device)
    if key not in pair.recorded:
        with _torch_job(pair, target, device) as job:
            outcome = job.read("outcome")
            if outcome is None or "targets" not in outcome[0]:
                return _torch_failure(WHOLE, job)
            pair.recorded[key] = outcome[0]["targets"]
    names: list[str] = pair.recorded[key]
    return names


def _record(pair: Pair, target: Target, device: str) -> tuple[Any, Any, str] | Verdict:
    """What PyTorch gives: the job for JAX, the results, and the device; or why it gives nothing."""
    key = (target, device, tuple(pair.seeds))
    if key not in pair.recorded:
        with _torch_job(pair, target, device) as job:
            # Results are in memory, and off the disk, before any JAX code runs.
            to_jax, results = job.read("to_jax"), job.read("results")
            outcome = job.read("outcome")
            if to_jax is None or results is None or outcome is None or "device" not in outcome[0]:
                return _torch_failure(target.name, job)
            pair.recorded[key] = to_jax, results, outcome[0]["device"]
    recorded: tuple[Any, Any, str] = pair.recorded[key]
    return recorded


def _torch_job(pair: Pair, target: Target, device: str) -> Any:
    given, arrays = pair.given or (None, {})
    job = {
        "root": pair.torch.root,
        "file": pair.torch.file,
        "target": target.to_json(),
        "seeds": list(pair.seeds),
        "given": given,
    }
    return pair.workers.torch.run(job, arrays, pair.torch.files, pair.workers.limits, device)


def _verify_on(pair: Pair, target: Target, device: str) -> Verdict:
    pair.workers.start()
    recorded = _record(pair, target, device)
    if isinstance(recorded, Verdict):
        return recorded
    to_jax, results, device_name = recorded
    try:
        ast.parse(pair.jax.source)
    except (SyntaxError, ValueError, RecursionError) as error:
        text = f"the JAX version does not parse: {error}"
        evidence = (Evidence(rung=Rung.PARSES, outcome="failed", detail=text),)
        return _ended(target.name, "differs", text, evidence)
    data = {**to_jax[0], "root": pair.jax.root, "file": pair.jax.file, "wide": False}

    def run_jax(wide: bool) -> Any:
        job = data | {"wide": wide}
        return pair.workers.jax.run(job, to_jax[1], pair.jax.files, pair.workers.limits, device)

    before = states_before(*to_jax)
    with run_jax(wide=False) as job:
        climb = Climb(target.name, results, job.read, _ending(job), before)
        verdict = climb.verdict(device_name)
        if verdict.status != "differs" or not _may_be_rounding(verdict, results[0]):
            return verdict
        lenient = replace(climb, laws=ample, evidence=[], remarks=[]).verdict(device_name)
    if lenient.status != "verified":
        return verdict
    with run_jax(wide=True) as job:
        wide = Climb(target.name, results, job.read, _ending(job), before, float64)
        if wide.verdict(device_name).status != "verified":
            return verdict
    return lenient.model_copy(update={"tolerance": f"{lenient.tolerance}; {SECOND_OPINION}"})


SECOND_OPINION = (
    "exceeded by rounding alone: in float64, JAX agrees with PyTorch to six digits at every rung"
)


def _may_be_rounding(verdict: Verdict, results: dict[str, Any]) -> bool:
    """Whether a float64 run of the JAX version could tell a rounding error from a real one."""
    failed = [item.rung for item in verdict.evidence if item.outcome == "failed"]
    return failed[0].height >= Rung.OUTPUTS.height and all(
        case["has_float64"] for case in results["cases"]
    )


def _ending(job: JobResult) -> tuple[Status, str]:
    return "error", f"while it {DOING.get(job.stage, 'starts')}: {job.detail}"


DOING = {
    "imports": "is imported",
    "builds": "is built",
    "runs": "runs",
    "gradients": "is differentiated",
    "jits": "is compiled",
    "training": "trains",
    "timing": "is timed",
}


def _torch_failure(name: str, job: JobResult) -> Verdict:
    outcome = job.read("outcome")
    if outcome is not None and "unverified" in outcome[0]:
        return _ended(name, "unverified", outcome[0]["unverified"])
    if outcome is not None and "error" in outcome[0]:
        text = outcome[0]["error"]
    else:
        text = f"{job.detail} {job.output()}".strip()
    return _ended(name, "error", f"the PyTorch version fails: {text}")


def _ended(name: str, status: Status, message: str, evidence: tuple[Evidence, ...] = ()) -> Verdict:
    return Verdict(
        target=name, status=status, rung=Rung.NOTHING, message=message, evidence=evidence
    )
