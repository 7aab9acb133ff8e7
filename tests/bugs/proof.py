"""Runs the three blocks of a bug file: what PyTorch gives, and how a JAX block compares with it."""

from __future__ import annotations

import ast
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from tojax.rules.bugs import Bug

RTOL, ATOL = 2e-5, 2e-6
WELL_ABOVE = 50  # a broken block is off by this many tolerances, or in structure, shape or kind


def prove_fixed(bug: Bug) -> None:
    """Assert that Fixed JAX gives PyTorch's outputs and, where it has any, gradients."""
    outputs, gradients = pytorch_results(bug)
    actual, actual_gradients = jax_results(
        bug, "Fixed JAX", bug.fixed_jax, gradients=gradients is not None
    )
    assert difference(actual, outputs) <= 1, f"outputs {actual}, PyTorch {outputs}"
    assert difference(actual_gradients, gradients) <= 1, (
        f"gradients {actual_gradients}, PyTorch {gradients}"
    )


def prove_broken(bug: Bug) -> None:
    """Assert that Broken JAX raises what the header states, or differs well above tolerance."""
    if bug.broken != "differs":
        raised = "nothing"
        try:
            jax_results(bug, "Broken JAX", bug.broken_jax, gradients=False)
        except Exception as error:
            if bug.broken in [kind.__name__ for kind in type(error).__mro__]:
                return
            raised = repr(error)
        raise AssertionError(f"stated {bug.broken}, raised {raised}")
    outputs, gradients = pytorch_results(bug)
    actual, actual_gradients = jax_results(
        bug, "Broken JAX", bug.broken_jax, gradients=gradients is not None
    )
    worst = max(difference(actual, outputs), difference(actual_gradients, gradients))
    assert worst > WELL_ABOVE, f"Broken is off by {worst} tolerances only"


def target_name(bug: Bug) -> str:
    """The function that all three blocks define: the last public one of the PyTorch block."""
    names = [
        node.name
        for node in ast.parse(bug.pytorch).body
        if isinstance(node, ast.FunctionDef) and node.name != "inputs"
    ]
    assert names, f"{bug.path}: the PyTorch block defines no function"
    return names[-1]


def namespace(bug: Bug, section: str, code: str) -> dict[str, Any]:
    """What a block defines."""
    names: dict[str, Any] = {"__name__": f"{bug.slug.replace('-', '_')}"}
    exec(compile(code, f"{bug.path}:{section}", "exec"), names)
    return names


def pytorch_results(bug: Bug) -> tuple[Any, list[np.ndarray] | None]:
    """Outputs as NumPy, and the gradients by the float inputs, if the outputs have any."""
    names = namespace(bug, "PyTorch", bug.pytorch)
    leaves = [_leaf(value) for value in names["inputs"]()]
    # Clones, so that a function may write into its arguments.
    arguments = [v.clone() if isinstance(v, torch.Tensor) else v for v in leaves]
    outputs = names[target_name(bug)](*arguments)
    terms = [
        (tensor * torch.from_numpy(_weights(tensor.shape))).sum()
        for tensor in jax.tree.leaves(outputs)
        if isinstance(tensor, torch.Tensor) and tensor.requires_grad
    ]
    gradients = None
    if terms:
        sum(terms).backward()
        floats = [v for v in leaves if isinstance(v, torch.Tensor) and v.requires_grad]
        gradients = [(torch.zeros_like(v) if v.grad is None else v.grad).numpy() for v in floats]
    return jax.tree.map(_to_numpy, outputs), gradients


def jax_results(
    bug: Bug, section: str, code: str, *, gradients: bool
) -> tuple[Any, list[np.ndarray] | None]:
    """The same of a JAX block, on the same inputs."""
    function = namespace(bug, section, code)[target_name(bug)]
    values = namespace(bug, "PyTorch", bug.pytorch)["inputs"]()
    values = [jnp.asarray(v.numpy()) if isinstance(v, torch.Tensor) else v for v in values]
    outputs = jax.tree.map(np.asarray, function(*values))
    if not gradients:
        return outputs, None
    places = [
        i for i, v in enumerate(values) if isinstance(v, jax.Array) and v.dtype == jnp.float32
    ]

    def weighted(floats: list[jax.Array]) -> jax.Array:
        filled = list(values)
        for place, value in zip(places, floats, strict=True):
            filled[place] = value
        leaves = jax.tree.leaves(function(*filled))
        return sum(jnp.sum(v * _weights(v.shape)) for v in leaves if v.dtype == jnp.float32)

    found = jax.grad(weighted)([values[place] for place in places])
    return outputs, [np.asarray(gradient) for gradient in found]


def difference(actual: Any, expected: Any) -> float:
    """The largest error in tolerances; infinite where structure, shape or kind of dtype differ."""
    got, structure = jax.tree.flatten(actual)
    wanted, wanted_structure = jax.tree.flatten(expected)
    if structure != wanted_structure:
        return np.inf
    return max((_array_difference(*pair) for pair in zip(got, wanted, strict=True)), default=0.0)


def _array_difference(got: Any, wanted: Any) -> float:
    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.shape != wanted.shape or got.dtype.kind != wanted.dtype.kind:
        return np.inf
    if not got.size:
        return 0.0
    got, wanted = got.astype(np.float64), wanted.astype(np.float64)
    error = np.abs(got - wanted) / (ATOL + RTOL * np.abs(wanted))
    return float(
        np.nan_to_num(np.where(np.isnan(wanted) & np.isnan(got), 0, error), nan=np.inf).max()
    )


def _leaf(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.dtype == torch.float32:
        return value.detach().requires_grad_()
    return value


def _to_numpy(value: Any) -> Any:
    return value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)


def _weights(shape: tuple[int, ...]) -> np.ndarray:
    """Fixed weights of the outputs in the scalar whose gradient is compared."""
    count = int(np.prod(shape))
    return np.cos(np.arange(1, count + 1, dtype=np.float32)).reshape(shape)
