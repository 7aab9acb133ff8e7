"""Gradients and training steps on the JAX side, under PyTorch's names and layouts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

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


def gradients_of(problem: JaxProblem, number: int) -> dict[str, jax.Array]:
    """Gradients of one case to float inputs and trainable variables, by PyTorch's names."""
    prepared = problem.prepare(number)
    graph, parameters, rest = _split(prepared.modules)
    floats = {path: array for path, array in prepared.arrays.items() if is_float(array)}
    weights = problem.cotangents(number)

    def loss(parameters: Any, floats: dict[str, jax.Array]) -> jax.Array:
        modules = nnx.merge(graph, parameters, rest, copy=True)
        return weighted_sum(_call(prepared, modules, floats), weights)

    found, inputs = jax.grad(loss, argnums=(0, 1))(parameters, floats)
    gradients = {f"input {path}": jnp.conj(value) for path, value in inputs.items()}
    modules = nnx.merge(graph, found, rest, copy=True)
    for path, module in modules.items():
        suffix = f" of {path}" if path else ""
        for name, entry in state_entries(module, problem.states.get(path)).items():
            if is_trainable(entry.variable):
                gradients[f"parameter {name}{suffix}"] = jnp.conj(jnp.asarray(entry.numpy()))
    return gradients


def _call(prepared: Prepared, modules: Any, floats: Mapping[str, jax.Array]) -> dict[str, Any]:
    rngs = {name: nnx.clone(value) for name, value in prepared.rngs.items()}
    return prepared.call(modules, {**prepared.arrays, **floats}, rngs)


def train(problem: JaxProblem, training: Mapping[str, Any]) -> tuple[dict[str, NumpyArray], str]:
    """One step of gradient descent per case, from PyTorch's initial state.

    Returns:
        The state afterwards under PyTorch's names, and what went wrong with the draws, if anything.
    """
    first = problem.prepare(training["cases"][0])
    graph, parameters, rest = _split(first.modules)
    graphs = [graph]  # a call may give an attribute its first array
    note = ""
    for number in training["cases"]:
        prepared = problem.prepare(number)
        weights = problem.cotangents(number)

        def loss(
            parameters: Any, rest: Any, prepared: Prepared = prepared, weights: Any = weights
        ) -> tuple[jax.Array, Any]:
            modules = nnx.merge(graphs[-1], parameters, rest, copy=True)
            total = weighted_sum(_call(prepared, modules, {}), weights)
            graph, _, rest = _split(modules)
            graphs.append(graph)
            return total, rest

        with problem.replay(number) as replay, problem.eager():
            gradients, rest = jax.grad(loss, has_aux=True)(parameters, rest)
        rate = training["rate"]
        parameters = jax.tree.map(
            lambda p, g, rate=rate: p - rate * jnp.conj(g), parameters, gradients
        )
        note = note or replay.finish() or ""
    trained = nnx.merge(graphs[-1], parameters, rest, copy=True)[""]
    return state_dict(trained, problem.states.get("")), note
