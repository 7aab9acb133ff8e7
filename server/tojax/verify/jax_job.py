"""Climbs the ladder on the JAX side, one file of results per rung; judges nothing itself."""

from __future__ import annotations

import contextlib
import importlib.abc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax

from tojax.verify.draws import CannotReplay
from tojax.verify.exchange import load, save, split_leaves
from tojax.verify.explain import explain
from tojax.verify.jax_alike import AlikeCalls
from tojax.verify.jax_compiled import compile_call
from tojax.verify.jax_gradients import gradients_of, loss_of, train
from tojax.verify.jax_problem import ARRAYS, JaxProblem, Prepared
from tojax.verify.jax_quick import quick_compiler
from tojax.verify.jax_values import is_changed, use_constants_of_float32
from tojax.verify.key_reuse import KeyUses
from tojax.verify.loading import load_module
from tojax.verify.tree import Leaf, NumpyArray, buffer_name, state_name, to_leaf
from tojax.weights import state_dict

TIMED_CALLS = 15
TIMED_SECONDS = 0.3


QUIET = {"note": "", "reuse": "", "remark": ""}


class Unreplayable(Exception):
    """The draws of both sides do not correspond."""


def run_job(folder: Path, device: str) -> None:
    """Entry point in the forked child."""
    if device == "probe":
        save(folder, "outcome", {"cuda": jax.default_backend() == "gpu"})
        return
    configure: Any = jax.config.update
    if device == "cpu":
        configure("jax_platforms", "cpu")
    configure("jax_default_matmul_precision", "highest")
    loaded = load(folder, "job")
    if loaded is None:
        raise FileNotFoundError("job")
    data, arrays = loaded
    configure("jax_enable_x64", data["wide"])
    if data["wide"]:
        use_constants_of_float32()
    sys.meta_path.insert(0, NoTorch())
    Ladder(folder, device, data, arrays).climb()


class NoTorch(importlib.abc.MetaPathFinder):
    """Refuses to import PyTorch; libraries that look whether it is loaded find that it is not."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        """Raise for PyTorch's modules, and leave all others to Python."""
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"the JAX version imports {name}", name=name)


class Ladder:
    """The stages in order; each writes ``<stage>.json`` with its results or its failure."""

    def __init__(
        self, folder: Path, device: str, data: dict[str, Any], arrays: dict[str, NumpyArray]
    ) -> None:
        self.folder, self.device, self.data, self.arrays = folder, device, data, arrays
        self.problem: Any = None
        self.alike: Any = None
        self.compiled: tuple[int, Callable[..., dict[str, Any]]] | None = None

    def climb(self) -> None:
        """Run stage after stage until one fails."""
        stages: list[tuple[str, Callable[[], tuple[Any, dict[str, NumpyArray]]]]] = [
            ("imports", self.imports),
            ("builds", self.builds),
            ("runs", self.runs),
            ("gradients", self.gradients),
            ("jits", self.jits),
            ("training", self.training),
            ("timing", self.timing),
        ]
        for name, stage in stages:
            (self.folder / "stage").write_text(name, encoding="utf-8")
            try:
                with self.compiler(name):
                    results, arrays = stage()
            except (CannotReplay, Unreplayable) as problem:
                save(self.folder, name, {"unverified": str(problem)})
                return
            except BaseException as error:
                save(self.folder, name, {"error": explain(error)})
                return
            save(self.folder, name, {"results": results}, arrays)
            if name == "runs" and is_failed(results[-1]):
                return

    def compiler(self, stage: str) -> contextlib.AbstractContextManager[Any]:
        """How JAX compiles in a stage: as for users where whole calls are compiled and timed."""
        as_usual = ["imports"] if self.data["wide"] else ["imports", "jits", "timing"]
        if self.device != "cpu" or stage in as_usual:  # an import may configure JAX's start
            return contextlib.nullcontext()
        return quick_compiler()

    def imports(self) -> tuple[Any, dict[str, NumpyArray]]:
        """Load the file."""
        root, file = Path(self.data["root"]), self.data["file"]
        module = load_module(root, file, self.folder / "work")
        self.problem = JaxProblem(module, self.data, self.arrays, self.data["wide"])
        self.alike = AlikeCalls(self.problem, loss_of)
        return None, {}

    def builds(self) -> tuple[Any, dict[str, NumpyArray]]:
        """Construct the target."""
        self.problem.build()
        return None, {}

    def runs(self) -> tuple[Any, dict[str, NumpyArray]]:
        """Call every case eagerly, with PyTorch's draws, and watch the keys.

        A case that cannot be run is the last; what the ones before it gave is judged first.
        """
        return self._each_case(self._tried)

    def _tried(self, number: int) -> tuple[dict[str, Leaf], dict[str, str]]:
        try:
            return self._run(number)
        except (Exception, CannotReplay) as error:
            if number == 0:
                raise
            if isinstance(error, CannotReplay):
                return {}, {"unverified": str(error)}
            return {}, {"error": explain(error)}

    def _run(self, number: int) -> tuple[dict[str, Leaf], dict[str, str]]:
        if self.data["cases"][number]["is_resized"]:
            # Compiling operation by operation for other shapes would take longest of all.
            with contextlib.suppress(Exception):
                prepared = self.problem.prepare(number)
                leaves = self._compiled_with_draws(number, prepared)
                if leaves is not None:
                    return leaves | self._buffers(number, prepared), QUIET
        prepared, keys = self.problem.prepare(number), KeyUses()
        with self.problem.replay(number, keys) as replay, self.problem.eager():
            raw = prepared.call(prepared.modules, prepared.arrays, prepared.rngs)
        note = replay.finish() or ""
        if prepared.unmatched_setup:
            note = note or "JAX draws other random numbers while the arguments are made"
        leaves = self._leaves(raw, prepared) | self._buffers(number, prepared)
        again = "" if note else self._next_call(number, prepared, keys).problem or ""
        reuse = "" if note else keys.problem or (again if self.data["is_module"] else "")
        return leaves, {"note": note, "reuse": reuse, "remark": again}

    def _next_call(self, number: int, prepared: Prepared, keys: KeyUses) -> KeyUses:
        """The keys of one more call, once for all cases."""
        again = KeyUses(earlier=keys)
        anew = [index for index, case in enumerate(self.data["cases"]) if case["draws_anew"]]
        if not self.data["stateful"] and number in anew[:1]:
            with (
                contextlib.suppress(Exception, CannotReplay),
                self.problem.replay(number, again),
                self.problem.eager(),
            ):
                prepared.call(prepared.modules, prepared.arrays, prepared.rngs)
        return again

    def _each_case(
        self, run: Callable[[int], tuple[dict[str, Leaf], dict[str, str]]]
    ) -> tuple[Any, dict[str, NumpyArray]]:
        described, arrays = [], {}
        for number in range(len(self.data["cases"])):
            leaves, facts = run(number)
            data, values = split_leaves(leaves)
            arrays.update({f"case{number}.{path}": value for path, value in values.items()})
            described.append({"leaves": data, **facts})
            if is_failed(facts):
                break
        return described, arrays

    def gradients(self) -> tuple[Any, dict[str, NumpyArray]]:
        """Differentiate every case."""

        def differentiate(number: int) -> tuple[dict[str, Leaf], dict[str, str]]:
            if not self.data["cases"][number]["cotangents"]:
                return {}, {"note": ""}
            found, note = gradients_of(self.problem, number, self.alike)
            leaves = {f"gradient of {k}": to_leaf(v, ARRAYS) for k, v in found.items()}
            return leaves, {"note": note}

        return self._each_case(differentiate)

    def jits(self) -> tuple[Any, dict[str, NumpyArray]]:
        """Compile one case of each mode, with PyTorch's draws as constants.

        Where the draws cannot be told while tracing (inside a loop that is traced once, or in a
        call that trains and compiles by itself), JAX draws on its own, and the same call without
        compilation goes with the result for the two to be compared.
        """
        modes = [case["mode"] for case in self.data["cases"]]
        described, arrays = [], {}
        for number in sorted(modes.index(mode) for mode in set(modes)):
            versions: dict[str, dict[str, Leaf]] = {}
            prepared = self.problem.prepare(number)
            can_replay = not self.data["stateful"]
            replayed = self._compiled_with_draws(number, prepared) if can_replay else None
            if replayed is not None:
                versions["compiled"] = replayed
            else:
                versions["compiled"] = self._compiled(number)
                if self.problem.has_draws:
                    versions["plain"] = self._uncompiled(number)
            found: dict[str, Any] = {"number": number}
            for version, leaves in versions.items():
                found[version], values = split_leaves(leaves)
                arrays.update({f"{version}{number}.{path}": v for path, v in values.items()})
            described.append(found)
        return described, arrays

    def _compiled_with_draws(self, number: int, prepared: Prepared) -> dict[str, Leaf] | None:
        replay, call = self.problem.replay(number), compile_call(prepared.call)
        try:
            with replay:
                raw = call(prepared.modules, prepared.arrays, prepared.rngs)
        except CannotReplay:
            return None
        if replay.finish() is not None:
            return None
        self.compiled = number, call
        return self._leaves(raw, prepared)

    def _compiled(self, number: int) -> dict[str, Leaf]:
        prepared = self.problem.prepare(number)
        call = prepared.call
        if not self.data["stateful"]:
            self.compiled = number, compile_call(prepared.call)
            call = self.compiled[1]
        return self._leaves(call(prepared.modules, prepared.arrays, prepared.rngs), prepared)

    def _uncompiled(self, number: int) -> dict[str, Leaf]:
        prepared = self.problem.prepare(number)
        with jax.disable_jit() if self.data["stateful"] else contextlib.nullcontext():
            raw = prepared.call(prepared.modules, prepared.arrays, prepared.rngs)
        return self._leaves(raw, prepared)

    def _leaves(self, raw: dict[str, Any], prepared: Prepared) -> dict[str, Leaf]:
        """Outputs and, for calls that train, the state of the modules, by name."""
        leaves = {f"output{path}": to_leaf(value, ARRAYS) for path, value in raw.items()}
        if self.data["stateful"]:
            for path, module in prepared.modules.items():
                for name, value in state_dict(module, self.problem.states.get(path)).items():
                    leaves[state_name(path, name)] = to_leaf(value, ARRAYS)
        return leaves

    def _buffers(self, number: int, prepared: Prepared) -> dict[str, Leaf]:
        """What the call left in the buffers that it, or PyTorch's, changes."""
        if self.data["stateful"] or not self.data["is_module"]:
            return {}
        before = self.problem.states.get("", {})
        state = state_dict(prepared.modules[""], before)
        named = self.data["cases"][number]["buffers"]
        names = [
            name
            for name, value in state.items()
            if name not in self.data["parameters"]
            and (name in named or name not in before or is_changed(value, before[name]))
        ]
        return {buffer_name(name): to_leaf(state[name], ARRAYS) for name in names}

    def training(self) -> tuple[Any, dict[str, NumpyArray]]:
        """A few steps of gradient descent."""
        if self.data["training"] is None:
            return None, {}
        leaves, note = train(self.problem, self.data["training"], self.alike)
        data, arrays = split_leaves({f"state {k}": to_leaf(v, ARRAYS) for k, v in leaves.items()})
        return {"leaves": data, "note": note}, arrays

    def timing(self) -> tuple[Any, dict[str, NumpyArray]]:
        """Median seconds of one compiled call, in eval mode where there is one."""
        if self.compiled is None:
            return None, {}
        number, call = self.compiled
        prepared = self.problem.prepare(number)
        seconds: list[float] = []
        while len(seconds) <= TIMED_CALLS and sum(seconds[1:]) < TIMED_SECONDS:
            start = time.perf_counter()
            call(prepared.modules, prepared.arrays, prepared.rngs)
            seconds.append(time.perf_counter() - start)
        return statistics.median(seconds[1:] or seconds), {}


def is_failed(facts: dict[str, Any]) -> bool:
    """Whether the facts of a case say that it could not be run."""
    return "error" in facts or "unverified" in facts
