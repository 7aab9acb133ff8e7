"""Runs the PyTorch side of one target and writes down what JAX has to reproduce.

Two files appear in the job's folder: ``to_jax`` (state, inputs, draws, weights of the gradients)
and ``results`` (outputs, gradients, trained state), which the JAX side never sees.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from tojax.verify.defaults import plain_defaults
from tojax.verify.draws import CannotReplay
from tojax.verify.exchange import load, save
from tojax.verify.explain import explain
from tojax.verify.layers import layer_numbers
from tojax.verify.loading import load_module
from tojax.verify.targets import Target
from tojax.verify.torch_case import Case
from tojax.verify.torch_further_cases import further_cases, limited_cases
from tojax.verify.torch_lines import Lines, unreached
from tojax.verify.torch_parcel import Parcel
from tojax.verify.torch_problem import TorchProblem
from tojax.verify.torch_targets import resolve_targets
from tojax.verify.torch_training import Training, train
from tojax.verify.torch_values import make_dtype, make_tensor, state_arrays
from tojax.verify.tree import decode

TIMED_CALLS = 15
TIMED_SECONDS = 0.3


def run_job(folder: Path, device: str) -> None:
    """Entry point in the forked child."""
    try:
        report = _run(folder, device)
    except CannotReplay as problem:
        report = {"unverified": str(problem)}
    except BaseException as error:
        report = {"error": explain(error)}
    save(folder, "outcome", report)


def _run(folder: Path, device: str) -> dict[str, Any]:
    if device == "probe":
        return {"cuda": torch.cuda.is_available(), "name": _device_name("cuda")}
    _configure(device)
    loaded = load(folder, "job")
    if loaded is None:
        raise FileNotFoundError("job")
    job, arrays = loaded
    module = load_module(Path(job["root"]), job["file"], folder / "work")
    given = None
    if job["given"] is not None:
        store = [arrays[f"given{index}"] for index in range(len(arrays))]
        given = decode(job["given"], store, make_tensor, make_dtype)
    target = Target(**job["target"])
    if not target.name:
        return {"targets": resolve_targets(module, target, given)}
    problem = TorchProblem(module, target, given)
    to_jax, results = Parcel(), Parcel()
    with Lines(module.__file__) as lines:
        problem.build()
        data, outcome = _record(problem, job["seeds"], device, to_jax, results)
    source = (Path(job["root"]) / job["file"]).read_text(encoding="utf-8")
    outcome["unreached"] = unreached(source, target.name, lines.ran)
    if not data["stateful"]:
        mode = "eval" if data["is_module"] else "call"
        outcome["seconds"] = _measure(problem, job["seeds"][0], mode, device)
    save(folder, "to_jax", data, to_jax.arrays)
    save(folder, "results", outcome, results.arrays)
    return {"device": _device_name(device)}


def _configure(device: str) -> None:
    os.environ["TORCHDYNAMO_DISABLE"] = "1"
    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.enable_flash_sdp(False)  # their dropout could not be replayed
    torch.backends.cuda.enable_mem_efficient_sdp(False)


def _device_name(device: str) -> str:
    if device == "cuda" and torch.cuda.is_available():
        return f"cuda ({torch.cuda.get_device_name()})"
    return "cpu"


def _record(
    problem: TorchProblem, seeds: list[int], device: str, to_jax: Parcel, results: Parcel
) -> tuple[dict[str, Any], dict[str, Any]]:
    args, kwargs, _ = problem.arguments(seeds[0])
    problem.vary_repeated_inputs(seeds)
    own = [value for value in [*args, *kwargs.values()] if not problem.can_ship(value)]
    is_module = isinstance(problem.model, torch.nn.Module)
    modes = ["train", "eval"] if is_module else ["call"]
    cases: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    runs: dict[tuple[str, int], Case] = {}
    skipped: list[str] = []
    stateful = False
    for mode in modes:
        for seed in seeds:
            try:
                case = Case(problem, mode, seed, device)
            except Exception as error:
                if seed in problem.varied:
                    continue  # PyTorch does not take these inputs
                if mode != "train":
                    raise
                skipped.append(f"{mode} mode: {type(error).__name__}: {error}")
                break
            if seed in problem.varied and not case.is_finite:
                continue
            number = len(cases)
            cases.append(case.to_jax(number, to_jax))
            outcomes.append(case.results(number, results))
            runs[mode, seed] = case
            stateful = stateful or case.run.stateful
            if stateful and not problem.is_class:
                break  # such calls train; one of them is enough
    usual = list(runs.values())
    further = limited_cases if stateful else further_cases
    for case in further(problem, usual, device):
        outcomes.append(case.results(len(cases), results))
        cases.append(case.to_jax(len(cases), to_jax))
    to_jax.add(problem.initial, "initial.")
    data = {
        "target": problem.target.to_json(),
        "is_class": problem.is_class,
        "defaults": plain_defaults(problem.callee),
        "is_module": is_module,
        "stateful": stateful,
        "needs_own": bool(own),
        "init": _init(problem, to_jax),
        "cases": cases,
        "initial": list(problem.initial),
        "states": _states(problem, to_jax),
        "trainable": _trainable(problem.model) if is_module else [],
        "layers": layer_numbers(problem.model) if is_module else {},
        "parameters": list(dict(problem.model.named_parameters(remove_duplicate=False)))
        if is_module
        else [],
        "training": None,
    }
    outcome = {"cases": outcomes, "skipped": skipped, "training": None, "stateful": stateful}
    training = None
    if is_module and not stateful:
        training = train(problem, [runs[key] for key in runs if key[0] == "train"], device)
    if isinstance(training, Training):
        data["training"] = {
            "rate": training.rate,
            "cases": [case.number for (mode, _), case in runs.items() if mode == "train"],
        }
        outcome["training"] = {
            "given": results.leaves(training.given, "training.given."),
            "precise": results.leaves(training.precise, "training.precise."),
            "has_float64": training.has_float64,
        }
    else:
        outcome["no_training"] = training or "only modules have a training step of their own"
    return data, outcome


def _init(problem: TorchProblem, parcel: Parcel) -> Any:
    if not problem.is_class:
        return None
    args, kwargs = problem.init_arguments()
    if all(problem.can_ship(value) for value in [*args, *kwargs.values()]):
        return parcel.encode((args, kwargs), "init.")
    return None


def _states(problem: TorchProblem, parcel: Parcel) -> list[dict[str, Any]]:
    described = []
    for number, (path, state) in enumerate(problem.states.items()):
        parcel.add(state_arrays(state), f"state{number}.")
        described.append({"path": path, "names": list(state), "number": number})
    return described


def _trainable(model: torch.nn.Module) -> list[str]:
    return [n for n, p in model.named_parameters(remove_duplicate=False) if p.requires_grad]


def _measure(problem: TorchProblem, seed: int, mode: str, device: str) -> float | None:
    """Median seconds of one call without gradients."""
    args, kwargs, _ = problem.arguments(seed)
    callee, _ = problem._prepare(args, kwargs, mode, False, device)
    place: Any = lambda v: v.to(device) if isinstance(v, torch.Tensor) else v  # noqa: E731
    args, kwargs = [place(v) for v in args], {k: place(v) for k, v in kwargs.items()}
    seconds: list[float] = []
    try:
        with torch.no_grad():
            while len(seconds) <= TIMED_CALLS and sum(seconds) < TIMED_SECONDS:
                start = time.perf_counter()
                callee(*args, **kwargs)
                if device == "cuda":
                    torch.cuda.synchronize()
                seconds.append(time.perf_counter() - start)
    except Exception:
        return None
    return statistics.median(seconds[1:] or seconds)
