"""From what both sides wrote down to a Verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tojax.nouns import Evidence, Rung, Verdict
from tojax.verify.compare import Comparison, Expected, compare, is_constant, is_nan, not_finite
from tojax.verify.exchange import join_leaves
from tojax.verify.expectations import around, expected
from tojax.verify.laws import (
    COARSE,
    SCALED,
    TOLERANCE,
    TOLERANCE_SCALED,
    TOLERANCE_TRAINED,
    TOLERANCE_WITHOUT_FLOAT64,
    Law,
    strict,
)
from tojax.verify.tree import Leaf, NumpyArray
from tojax.verify.wording import inputs_text, modes_text, summary_text

Status = Literal["verified", "differs", "unverified", "error"]
Read = Callable[[str], tuple[Any, dict[str, NumpyArray]] | None]


class Stop(Exception):
    """The climb ends here."""

    def __init__(self, status: Status, message: str, failing_input: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.failing_input = status, message, failing_input


@dataclass
class Climb:
    """One target's way up.

    Args:
        target: its name.
        torch: what the PyTorch side recorded: data and arrays.
        read: gives what the JAX side wrote at a stage.
        ending: how the JAX job ended, if not by itself: status and message.
        before: the modules' state before the call, by name.
        laws: the tolerance at each rung.
    """

    target: str
    torch: tuple[dict[str, Any], dict[str, NumpyArray]]
    read: Read
    ending: tuple[Status, str] | None
    before: Mapping[str, NumpyArray] = field(default_factory=dict)
    laws: Callable[[Rung, str], Law] = strict
    evidence: list[Evidence] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def verdict(self, device: str) -> Verdict:
        """Climb as far as it goes."""
        cases = self.torch[0]["cases"]
        message, failing_input = "", None
        status: Status = "verified"
        try:
            self._passed(Rung.PARSES)
            self._stage(Rung.IMPORTS, "imports")
            self._passed(Rung.IMPORTS)
            self._stage(Rung.BUILDS, "builds")
            self._passed(Rung.BUILDS)
            outputs = self._outputs(Rung.RUNS, Rung.OUTPUTS)
            gradients = self._gradients()
            self._jits()
            self._training(outputs)
            if not outputs.finite and not gradients.finite:
                raise Stop("unverified", "the results hold no finite number to compare")
            if outputs.blank:
                raise Stop("unverified", outputs.blank[0])
            for case in cases:
                if case["unseen"]:
                    raise Stop("unverified", case["unseen"])
            message = "; ".join(dict.fromkeys(self.remarks))
        except Stop as stop:
            status, message, failing_input = stop.status, stop.message, stop.failing_input
        passed = [item.rung for item in self.evidence if item.outcome == "passed"]
        has_float64 = all(case["has_float64"] for case in cases)
        tolerance = TOLERANCE if has_float64 else TOLERANCE_WITHOUT_FLOAT64
        if self.torch[0]["stateful"]:
            tolerance = TOLERANCE_TRAINED
        if any(case["scaled"] in SCALED for case in cases):
            tolerance += f"; {TOLERANCE_SCALED}"
        seconds = self.read("timing") if status == "verified" else None
        return Verdict(
            target=self.target,
            status=status,
            rung=passed[-1] if passed else Rung.NOTHING,
            evidence=tuple(self.evidence),
            device=device,
            failing_input=failing_input,
            message=message,
            tolerance=tolerance,
            torch_seconds=self.torch[0].get("seconds"),
            jax_seconds=seconds[0].get("results") if seconds else None,
            unreached=tuple(self.torch[0]["unreached"]),
        )

    def _passed(self, rung: Rung, detail: str = "") -> None:
        self.evidence.append(Evidence(rung=rung, outcome="passed", detail=detail))

    def _skipped(self, rung: Rung, detail: str) -> None:
        self.evidence.append(Evidence(rung=rung, outcome="not applicable", detail=detail))

    def _failed(self, rung: Rung, status: Status, detail: str, failing: str | None = None) -> Stop:
        self.evidence.append(Evidence(rung=rung, outcome="failed", detail=detail))
        return Stop(status, f"{rung}: {detail}", failing)

    def _stage(self, rung: Rung, name: str) -> tuple[Any, dict[str, NumpyArray]]:
        """The results of a stage of the JAX side; ends the climb if it failed."""
        found = self.read(name)
        if found is None:
            status, text = self.ending or ("error", "the JAX side ended without a result")
            raise self._failed(rung, status, text)
        content, arrays = found
        self._check(rung, content)
        return content["results"], arrays

    def _check(self, rung: Rung, content: Mapping[str, Any], failing: str | None = None) -> None:
        """End the climb if a stage, or a case of it, failed."""
        if "unverified" in content:
            raise self._failed(rung, "unverified", self._random(content["unverified"]), failing)
        if "error" in content:
            raise self._failed(rung, "differs", content["error"], failing)

    def _random(self, reason: str) -> str:
        reasons = [case["unreplayable"] for case in self.torch[0]["cases"] if case["unreplayable"]]
        return f"random draws cannot be replayed: {reasons[0] if reasons else reason}"

    def _expected(self, number: int, part: str) -> Expected:
        case, arrays = self.torch[0]["cases"][number], self.torch[1]
        return expected(case, arrays, f"case{number}.", part, self.before)

    def _outputs(self, runs: Rung, outputs: Rung) -> Comparison:
        results, arrays = self._stage(runs, "runs")
        cases = self.torch[0]["cases"]
        if not {"error", "unverified"} & results[-1].keys():
            self._passed(runs, f"{len(cases)} runs: " + modes_text(cases))
        total = Comparison()
        for number, (case, result) in enumerate(zip(cases, results, strict=False)):
            self._check(runs, result, inputs_text(case))
            leaves = join_leaves(result["leaves"], arrays, f"case{number}.")
            leaves = {path: v for path, v in leaves.items() if not path.startswith("buffer ")}
            self._judge(
                outputs, case, result["note"], leaves, self._expected(number, "output"), total
            )
            if result["reuse"]:
                raise self._failed(outputs, "differs", result["reuse"], inputs_text(case))
            # Only a module is certain to be called often: a function may well begin with a seed.
            self.remarks += [text for text in (case["remark"], result["remark"]) if text]
        detail = summary_text(total)
        if any(case["unreplayable"] for case in cases):
            detail += "; the draws that were not replayed make no difference"
        given = [self._expected(number, "output").given for number in range(len(cases))]
        total.blank += [
            f"{path} is NaN throughout"
            for path in given[0]
            if all(path in run and is_nan(run[path]) for run in given)
        ]
        if len(given) > 1 and is_constant(given):
            detail += "; the results are the same for all inputs"
        for skipped in self.torch[0]["skipped"]:
            detail += f"; PyTorch itself fails in {skipped}"
        self._passed(outputs, detail)
        return total

    def _judge(
        self,
        rung: Rung,
        case: Mapping[str, Any],
        note: str,
        leaves: Mapping[str, Leaf],
        wanted: Expected,
        total: Comparison,
        *,
        shared_scale: bool = False,
    ) -> None:
        """Compare one case, adding to the totals; ends the climb if it differs."""
        kind = Rung.TRAINING if self.torch[0]["stateful"] else rung
        law = self.laws(kind, case["scaled"])
        comparison = compare(leaves, wanted, shared_scale=shared_scale, law=law)
        if comparison.problem is not None:
            inputs = inputs_text(case)
            if note or case["unreplayable"] or case["loose"]:
                why = note or "PyTorch draws parameters during the call"
                text = f"{self._random(why)}; {comparison.problem}"
                raise self._failed(rung, "unverified", text, inputs)
            raise self._failed(rung, "differs", comparison.problem, inputs)
        total.add(comparison)

    def _gradients(self) -> Comparison:
        cases, total = self.torch[0]["cases"], Comparison()
        why = [case["no_gradient"] for case in cases]
        if all(why):
            self._skipped(Rung.GRADIENTS, why[0])
            return total
        results, arrays = self._stage(Rung.GRADIENTS, "gradients")
        for number, (case, result) in enumerate(zip(cases, results, strict=True)):
            wanted = self._expected(number, "gradient")
            leaves = join_leaves(result["leaves"], arrays, f"case{number}.")
            leaves = {path: leaf for path, leaf in leaves.items() if path in wanted.given}
            if case["scaled"] == COARSE:
                problem = not_finite(leaves, wanted.given)
                if problem is not None:
                    raise self._failed(Rung.GRADIENTS, "differs", problem, inputs_text(case))
                continue
            self._judge(
                Rung.GRADIENTS, case, result["note"], leaves, wanted, total, shared_scale=True
            )
        flat = [
            leaf.array
            for number, case in enumerate(cases)
            if case["scaled"] != COARSE
            for leaf in self._expected(number, "gradient").given.values()
        ]
        if not any(array is not None and array.any() for array in flat):
            self._skipped(Rung.GRADIENTS, "every gradient is zero, which shows nothing")
        else:
            self._passed(Rung.GRADIENTS, summary_text(total))
        return total

    def _jits(self) -> None:
        if self._is_for_python():
            self._skipped(Rung.JITS, "it gives Python's own values, which no compiled code can")
            return
        results, arrays = self._stage(Rung.JITS, "jits")
        total = Comparison()
        for result in results:
            number = result["number"]
            case, wanted = self.torch[0]["cases"][number], self._expected(number, "output")
            leaves = join_leaves(result["compiled"], arrays, f"compiled{number}.")
            if "plain" in result:
                wanted = around(join_leaves(result["plain"], arrays, f"plain{number}."), wanted)
            case = {**case, "loose": False, "unreplayable": ""}
            self._judge(Rung.JITS, case, "", leaves, wanted, total)
        detail = summary_text(total)
        if self.torch[0]["stateful"]:
            detail = "with the steps that it compiles itself: " + detail
        self._passed(Rung.JITS, detail)

    def _is_for_python(self) -> bool:
        """Whether a function gives no tensors, and could not be compiled."""
        found = self.read("jits")
        return (
            found is not None
            and "error" in found[0]
            and self.torch[0]["training"] is None
            and not any(case["has_tensors"] for case in self.torch[0]["cases"])
        )

    def _training(self, outputs: Comparison) -> None:
        training, arrays = self.torch[0]["training"], self.torch[1]
        if self.torch[0]["stateful"]:
            calls = [case for case in self.torch[0]["cases"] if case["mode"] == "call"]
            if calls and outputs.unseen and not outputs.moved:
                text = "the parameters move by less than rounding lets one see"
                raise self._failed(Rung.TRAINING, "unverified", text)
            self._passed(Rung.TRAINING, "the state of every module after the call agrees")
            return
        buffers = self._buffers()
        if training is None:
            if buffers.compared:
                self._passed(Rung.TRAINING, "in buffers after a call, " + summary_text(buffers))
            else:
                self._skipped(Rung.TRAINING, self.torch[0]["no_training"])
            return
        result, values = self._stage(Rung.TRAINING, "training")
        case = {**self.torch[0]["cases"][0], "inputs": "after some training steps"}
        total = Comparison()
        wanted = expected(training, arrays, "training.", "state", self.before)
        leaves = join_leaves(result["leaves"], values)
        self._judge(Rung.TRAINING, case, result["note"], leaves, wanted, total)
        self._passed(Rung.TRAINING, summary_text(total))

    def _buffers(self) -> Comparison:
        """Compare what each call leaves in the buffers that it changes."""
        results, arrays = self._stage(Rung.TRAINING, "runs")
        total = Comparison()
        for number, (case, result) in enumerate(zip(self.torch[0]["cases"], results, strict=True)):
            leaves = join_leaves(result["leaves"], arrays, f"case{number}.")
            leaves = {path: v for path, v in leaves.items() if path.startswith("buffer ")}
            wanted = self._expected(number, "buffer ")
            self._judge(Rung.TRAINING, case, result["note"], leaves, wanted, total)
        return total
