"""Gradients and training steps on the JAX side, under PyTorch's names and layouts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from tojax.verify.jax_alike import AlikeCalls
from tojax.verify.jax_problem import JaxProblem, Prepared
from tojax.verify.jax_values import is_float, is_trainable
from tojax.verify.tree import NumpyArray
from tojax.weights import state_dict, state_entries


def _of_trainable(path: Any, variable: Any) -> bool:
    return is_trainable(variable)


def _split(modules: Any) -> tuple[Any, Any, Any]:
    """Structure, what gradients are for, and everything else."""
    split: Any = nnx.split
    graph, parameters, rest = split(modules, _of_trainable, ...)
    return graph, parameters, rest


def weighted_sum(raw: Mapping[str, Any], weights: Mapping[str, NumpyArray]) -> jax.Array:
    """The scalar whose gradient is compared: every float result times fixed random weights."""
    total = jnp.zeros(())
    for path, weight in weights.items():
        value = raw[path]
        if isinstance(value, nnx.Variable):
            value = value[...]
        if jnp.iscomplexobj(value):
            total = total + jnp.sum(value.real * weight[0] + value.imag * weight[1])
        else:
            total = total + jnp.sum(value * weight)
    return total


def loss_of(
    prepared: Prepared, weights: Any, graph: Any, parameters: Any, rest: Any, arrays: Any
) -> tuple[jax.Array, Any]:
    """What is differentiated where calls are compiled, and the state that the call leaves.

    Raises:
        ValueError: the call gives its modules another structure.
    """
    modules = nnx.merge(graph, parameters, rest, copy=True)
    total = weighted_sum(_call(prepared, modules, arrays), weights)
    after, _, rest = _split(modules)
    if after != graph:
        raise ValueError("the structure of the modules changes")
    return total, rest


def gradients_of(
    problem: JaxProblem, number: int, alike: AlikeCalls
) -> tuple[dict[str, jax.Array], str]:
    """Gradients of one case to float inputs and trainable variables, by PyTorch's names.

    Returns:
        The gradients, and what went wrong with the draws, if anything.
    """
    prepared, note = problem.prepare(number), ""
    state = graph, _, rest = _split(prepared.modules)
    compiled = alike.differentiate(number, prepared, state)
    if compiled is not None:
        found, inputs = compiled[0]
    else:
        found, inputs, note = _uncompiled(problem, number)
    gradients = {f"input {path}": _conjugate(value) for path, value in inputs.items()}
    modules = nnx.merge(graph, found, rest, copy=True)
    for path, module in modules.items():
        suffix = f" of {path}" if path else ""
        for name, entry in state_entries(module, problem.states.get(path)).items():
            if is_trainable(entry.variable):
                gradients[f"parameter {name}{suffix}"] = _conjugate(jnp.asarray(entry.numpy()))
    return gradients, note


def _conjugate(array: jax.Array) -> jax.Array:
    return jnp.conj(array) if jnp.iscomplexobj(array) else array


def _uncompiled(problem: JaxProblem, number: int) -> tuple[Any, dict[str, jax.Array], str]:
    """Gradients to the parameters and to the float inputs, operation by operation."""
    prepared = problem.prepare(number)
    graph, parameters, rest = _split(prepared.modules)
    floats = {path: array for path, array in prepared.arrays.items() if is_float(array)}
    weights = problem.cotangents(number)

    def loss(parameters: Any, floats: dict[str, jax.Array]) -> jax.Array:
        modules = nnx.merge(graph, parameters, rest, copy=True)
        return weighted_sum(_call(prepared, modules, floats), weights)

    with problem.replay(number) as replay, problem.eager():
        found, inputs = jax.grad(loss, argnums=(0, 1))(parameters, floats)
    return found, inputs, replay.finish() or ""


def _call(prepared: Prepared, modules: Any, floats: Mapping[str, jax.Array]) -> dict[str, Any]:
    rngs = {name: nnx.clone(value) for name, value in prepared.rngs.items()}
    return prepared.call(modules, {**prepared.arrays, **floats}, rngs)


def train(
    problem: JaxProblem, training: Mapping[str, Any], alike: AlikeCalls
) -> tuple[dict[str, NumpyArray], str]:
    """One step of gradient descent per case, from PyTorch's initial state.

    Returns:
        The state afterwards under PyTorch's names, and what went wrong with the draws, if anything.
    """
    graph, parameters, rest = _split(problem.prepare(training["cases"][0]).modules)
    note = ""
    for number in training["cases"]:
        state = graph, parameters, rest
        prepared = problem.prepare(number)
        compiled = alike.differentiate(number, prepared, state)
        if compiled is not None:
            (gradients, _), rest = compiled
        else:
            graph, gradients, rest, its_note = _uncompiled_step(problem, number, state)
            note = note or its_note
        parameters = _descended(parameters, gradients, training["rate"])
    trained = nnx.merge(graph, parameters, rest, copy=True)[""]
    return state_dict(trained, problem.states.get("")), note


def _uncompiled_step(problem: JaxProblem, number: int, state: Any) -> tuple[Any, Any, Any, str]:
    """The structure that a call leaves, its gradients and other state, and its draws' problem."""
    prepared, weights = problem.prepare(number), problem.cotangents(number)
    graph, parameters, rest = state
    graphs: list[Any] = []  # a call may give an attribute its first array

    def loss(parameters: Any, rest: Any) -> tuple[jax.Array, Any]:
        modules = nnx.merge(graph, parameters, rest, copy=True)
        total = weighted_sum(_call(prepared, modules, {}), weights)
        after, _, rest = _split(modules)
        graphs.append(after)
        return total, rest

    with problem.replay(number) as replay, problem.eager():
        gradients, rest = jax.grad(loss, has_aux=True)(parameters, rest)
    return graphs[-1], gradients, rest, replay.finish() or ""


def _descended(parameters: Any, gradients: Any, rate: float) -> Any:
    """The parameters after one step, computed by NumPy, which need not be compiled."""

    def step(parameter: Any, gradient: Any) -> jax.Array:
        moved = np.asarray(parameter) - rate * np.asarray(_conjugate(gradient))
        return jnp.asarray(moved.astype(parameter.dtype))

    return jax.tree.map(step, parameters, gradients)
