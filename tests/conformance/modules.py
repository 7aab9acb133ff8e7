"""Check one layer of PyTorch's module database: build it from translated source, load its weights,
compare what it computes, its gradients and the state that it leaves behind."""

from __future__ import annotations

import ast
import copy
import inspect
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from flax import nnx
from torch.nn.modules.lazy import LazyModuleMixin
from torch.testing._internal.common_modules import ModuleInfo, module_db

from tests.conformance.compare import assert_close, like, to_jax
from tests.conformance.module_gradients import assert_same_gradients
from tests.conformance.source import Unwritable, expression, names_axis_of_scalar
from tojax.translate import translate
from tojax.weights import load_state_dict, state_dict

SAMPLES = 6
_HEADER = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


@dataclass
class Case:
    """One layer with its arguments, inside a module of the user's.

    Those of the ``inputs`` that gradients are compared by require them.
    """

    name: str
    layer: str
    constants: list[torch.Tensor]
    call: str
    inputs: list[torch.Tensor]
    training: bool

    @property
    def source(self) -> str:
        """The PyTorch class."""
        built = "".join(f", c{i}: torch.Tensor" for i in range(len(self.constants)))
        given = "".join(f", x{i}: torch.Tensor" for i in range(len(self.inputs)))
        return (
            f"\n\nclass {self.name}(nn.Module):\n"
            f"    def __init__(self{built}):\n"
            f"        super().__init__()\n"
            f"        self.layer = {self.layer}\n\n"
            f"    def forward(self{given}):\n"
            f"        return self.layer({self.call})\n"
        )


def modules() -> dict[str, ModuleInfo]:
    """Every layer of the database by name: ``nn.Linear``."""
    return {info.name: info for info in module_db}


def failures(info: ModuleInfo, modes: tuple[bool, ...] = (False, True)) -> list[str]:
    """What is wrong with a layer's translation in eval and train mode; empty if it passes."""
    try:
        found = list(_cases(info, modes))
    except Unwritable as error:
        return [str(error)]
    if not found:
        return ["no sample can be written as source"]
    source = _HEADER + "".join(case.source for case in found)
    translation = translate(source)
    if translation.unresolved:
        return sorted({item.reason for item in translation.unresolved})
    torch_side: dict[str, Any] = {}
    exec(compile(source, info.name, "exec"), torch_side)
    jax_side: dict[str, Any] = {}
    try:
        exec(compile(translation.code, info.name, "exec"), jax_side)
    except Exception as error:
        return [f"the translation does not run: {error}\n{translation.code}"]
    problems = []
    for case in found:
        try:
            _check(case, torch_side[case.name], jax_side[case.name])
        except Exception as error:
            mode = "train" if case.training else "eval"
            shown = _layer_text(translation.code, case.name)
            text = f"{type(error).__name__}: {str(error).strip()}"
            problems.append(f"{case.layer} ({case.call}) → {shown}, {mode}: {text}")
    return problems


def _cases(info: ModuleInfo, modes: tuple[bool, ...]) -> Iterator[Case]:
    reason = "the database has no sample"
    number = 0
    for training in modes:
        torch.manual_seed(0)
        np.random.seed(0)
        random.seed(0)
        samples = info.module_inputs_func(
            info, device="cpu", dtype=torch.float32, requires_grad=True, training=training
        )
        for sample in islice(samples, SAMPLES):
            built, given = sample.constructor_input, sample.forward_input
            if given is None or _is_axis_of_scalar(built, given):
                continue
            constants: list[torch.Tensor] = []
            inputs: list[torch.Tensor] = []
            try:
                arguments = _arguments(built, constants, "c")
                call = _arguments(given, inputs, "x")
            except Unwritable as error:
                reason = str(error)
                continue
            layer = f"{info.name}({arguments})"
            # The database means its layers to be converted, `layer.to(dtype)`.
            constants = [t.detach() for t in constants]
            constants = [t.float() if t.dtype == torch.float64 else t for t in constants]
            inputs = [t.detach().requires_grad_(t.requires_grad) for t in inputs]
            yield Case(f"Model{number}", layer, constants, call, inputs, training)
            number += 1
    if not number:
        raise Unwritable(reason)


def _is_axis_of_scalar(built: Any, given: Any) -> bool:
    return names_axis_of_scalar([*given.args, None][0], built.args, built.kwargs)


def _arguments(given: Any, tensors: list[torch.Tensor], prefix: str) -> str:
    parts = [expression(value, tensors, prefix) for value in given.args]
    parts += [
        f"{name}={expression(value, tensors, prefix)}" for name, value in given.kwargs.items()
    ]
    return ", ".join(parts)


def _check(case: Case, torch_class: Any, jax_class: Any) -> None:
    torch.manual_seed(0)
    reference = torch_class(*copy.deepcopy(case.constants)).train(case.training)
    constants = [to_jax(tensor) for tensor in case.constants]
    wants_rngs = "rngs" in inspect.signature(jax_class.__init__).parameters
    model = jax_class(*constants, **({"rngs": nnx.Rngs(0)} if wants_rngs else {}))
    if any(isinstance(part, LazyModuleMixin) for part in reference.modules()):
        reference(*copy.deepcopy(case.inputs))  # the first call makes the parameters
        model(*(to_jax(tensor) for tensor in case.inputs))
    if reference.state_dict():
        load_state_dict(model, reference.state_dict())
    model.train() if case.training else model.eval()
    doubled = copy.deepcopy(reference).double()
    with torch.no_grad():
        expected = copy.deepcopy(reference)(*copy.deepcopy(case.inputs))
    result = nnx.clone(model)(*(to_jax(tensor) for tensor in case.inputs))

    def exact() -> Any:
        inputs = [t.double() if t.dtype == torch.float32 else t for t in case.inputs]
        with torch.no_grad():
            return doubled(*inputs)

    assert_close(like(expected, result), expected, exact)
    assert_same_gradients(reference, model, case.inputs)
    after = reference.state_dict()
    if after:
        got = {name: like(after[name], value) for name, value in state_dict(model).items()}
        assert got.keys() == after.keys()
        for name in after:
            assert_close(got[name], after[name])


def _layer_text(code: str, name: str) -> str:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef) and node.name == name:
            for part in ast.walk(node):
                if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "self.layer":
                    return ast.unparse(part.value)
    return "?"
