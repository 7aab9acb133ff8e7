"""Check one operator of PyTorch's database: write its samples, translate, run, compare."""

from __future__ import annotations

import ast
import copy
import inspect
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import jax
import numpy as np
import torch
from flax import nnx
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo.core import OpInfo, SampleInput

from tests.conformance.compare import assert_close, like, to_jax
from tests.conformance.forms import forms
from tests.conformance.source import Unwritable, Written, names_axis_of_scalar, write
from tojax.nouns import Translation
from tojax.translate import translate

SAMPLES = 6
_HEADER = "import torch\nimport torch.nn.functional as F\n"


@dataclass
class Case:
    """One way to write one sample."""

    name: str
    expression: str
    written: Written
    sample: SampleInput
    expected: Any

    @property
    def source(self) -> str:
        """The PyTorch function."""
        return f"\n\ndef {self.name}({self.written.parameters}):\n    return {self.expression}\n"


def label(op: OpInfo) -> str:
    """The operator's name in the database: ``div``, ``div:floor_rounding``."""
    return f"{op.name}:{op.variant_test_name}" if op.variant_test_name else op.name


def operators() -> dict[str, OpInfo]:
    """Every operator of the database by `label`."""
    return {label(op): op for op in op_db}


def failures(op: OpInfo, *, jit: bool = False) -> list[str]:
    """What is wrong with the translation of an operator's samples; empty if it passes.

    Args:
        op: the operator.
        jit: run the first sample under ``jax.jit`` too.
    """
    try:
        found = list(cases(op))
    except Exception as error:
        return [f"no PyTorch function: {error}"]
    if not found:
        return ["no sample can be written as source"]
    try:
        namespace, unresolved, written = translated(op, found)
    except Exception as error:
        return [f"the translation does not run: {error}"]
    problems = []
    done: set[tuple[str, int]] = set()
    for case in found:
        if case.name in unresolved:
            problems.append(f"{case.expression}: {unresolved[case.name]}")
            continue
        same = (written[case.name], id(case.sample))
        if same in done:
            continue
        done.add(same)
        shown = f"{case.expression} → {written[case.name]}"
        try:
            _check(case, namespace[case.name], op)
            if jit and case is found[0] and "rngs=" not in written[case.name]:
                shown = f"under jax.jit, {shown}"
                _check(case, jax.jit(namespace[case.name]), op)
        except Exception as error:
            problems.append(f"{shown}: {type(error).__name__}: {str(error).strip()}")
    return problems


def translated(
    op: OpInfo, found: list[Case]
) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """The cases' functions after translation, by name.

    Returns:
        What the translated module defines; why functions stayed unresolved; what each returns, as
        source.
    """
    source = _HEADER + "".join(case.source for case in found)
    translation = translate(source)
    unresolved = _unresolved(translation, source, found)
    namespace: dict[str, Any] = {}
    if len(unresolved) < len(found):
        exec(compile(_without_torch(translation.code), op.name, "exec"), namespace)
    return namespace, unresolved, _bodies(translation.code)


def cases(op: OpInfo, *, requires_grad: bool = False) -> Iterator[Case]:
    """The operator's samples, each in every form that means the same to PyTorch.

    Args:
        op: the operator.
        requires_grad: ask for samples to differentiate by; those tensors require gradients.

    Raises:
        Unwritable: no sample has a form; says why for the last.
    """
    reason = "the database has no sample"
    number = 0
    for sample in islice(samples(op, requires_grad=requires_grad), SAMPLES):
        try:
            written = write(sample)
        except Unwritable as error:
            reason = str(error)
            continue
        expected = evaluate(op, sample)
        for expression in forms(op, written):
            case = Case(f"f{number}", expression, written, sample, expected)
            if _means_the_same(case):
                number += 1
                yield case
            else:
                reason = f"PyTorch gives something else for {expression}"
    if not number:
        raise Unwritable(reason)


def samples(op: OpInfo, *, requires_grad: bool = False) -> Iterator[SampleInput]:
    """Samples in float32, or in int64 where the operator takes no float; always the same."""
    torch.manual_seed(0)
    np.random.seed(0)
    random.seed(0)
    dtypes = op.supported_dtypes("cpu")
    wanted = (torch.float32, torch.int64, torch.complex64, torch.bool)
    dtype = next(dtype for dtype in wanted if dtype in dtypes)
    found = op.sample_inputs("cpu", dtype, requires_grad=requires_grad)
    kept = (sample for sample in found if not _is_axis_of_scalar(sample))
    return (sample.transform(_as_leaf) for sample in kept)


def _as_leaf(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.requires_grad:
        return value.detach().requires_grad_()
    return value


def _is_axis_of_scalar(sample: SampleInput) -> bool:
    return names_axis_of_scalar(sample.input, sample.args, sample.kwargs)


def evaluate(op: OpInfo, sample: SampleInput, change: Callable[[Any], Any] = copy.deepcopy) -> Any:
    """PyTorch's own result for a sample, on a copy of it."""
    with torch.no_grad():
        return op(
            change(sample.input),
            *(change(value) for value in sample.args),
            **{name: change(value) for name, value in sample.kwargs.items()},
        )


def _means_the_same(case: Case) -> bool:
    namespace: dict[str, Any] = {}
    exec(_HEADER + case.source, namespace)
    try:
        with torch.no_grad():
            got = namespace[case.name](*copy.deepcopy(case.written.tensors))
        torch.testing.assert_close(got, case.expected, equal_nan=True)
    except Exception:
        return got is case.expected if "got" in locals() else False
    return True


def _check(case: Case, function: Callable[..., Any], op: OpInfo) -> None:
    draws = {"rngs": nnx.Rngs(0)} if "rngs" in inspect.signature(function).parameters else {}
    result = function(*(to_jax(tensor) for tensor in case.written.tensors), **draws)
    actual = like(case.expected, result)
    process = case.sample.output_process_fn_grad

    def exact() -> Any:
        try:
            return process(evaluate(op, case.sample, _double))
        except Exception:
            return None

    assert_close(process(actual), process(case.expected), exact)


def _double(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.double() if value.dtype == torch.float32 else value.clone()
    if isinstance(value, (list, tuple)):
        return type(value)(_double(item) for item in value)
    return copy.deepcopy(value)


def _unresolved(translation: Translation, source: str, found: list[Case]) -> dict[str, str]:
    """Function name → what stayed unresolved in it."""
    reasons: dict[str, str] = {}
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for item in translation.unresolved:
        line = item.range.start.line + 1
        for node in functions:
            if node.lineno <= line <= (node.end_lineno or 0):
                reasons[node.name] = item.reason
    return reasons


def _bodies(code: str) -> dict[str, str]:
    functions = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.unparse(node.body[-1]).removeprefix("return ") for node in functions}


def _without_torch(code: str) -> str:
    """Functions that stayed unresolved keep the PyTorch import; nothing else may use it."""
    return "\n".join(line for line in code.splitlines() if "import torch" not in line)
