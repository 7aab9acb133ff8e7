"""Every optimizer makes PyTorch's updates; so does gradient clipping."""

from __future__ import annotations

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from flax import nnx
from rules.api import nn_clip, optim, optim_adaptive

STEPS = 20
SHAPES = {"weight": (4, 3), "bias": (3,), "kernel": (2, 3, 5)}

CASES = [
    ("SGD", {}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.05}),
    ("SGD", {"lr": 0.1, "momentum": 0.8, "dampening": 0.3}),
    ("SGD", {"lr": 0.1, "dampening": 0.3}),
    ("SGD", {"lr": 0.1, "momentum": 0.8, "maximize": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.02, "amsgrad": True, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.02, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Adam", {"lr": 0.02, "maximize": True, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.02, "betas": (0.5, 0.9), "eps": 1e-4, "weight_decay": 0.3}),
    ("AdamW", {"lr": 0.02, "amsgrad": True, "weight_decay": 0.3}),
    ("AdamW", {"lr": 0.02, "maximize": True}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.8, "eps": 1e-3, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.02, "momentum": 0.9, "maximize": True}),
    ("RMSprop", {"lr": 0.02, "centered": True}),
    ("RMSprop", {"lr": 0.02, "centered": True, "momentum": 0.5, "weight_decay": 0.1}),
    ("Adadelta", {}),
    ("Adadelta", {"lr": 0.5, "rho": 0.7, "eps": 1e-4, "weight_decay": 0.1}),
    ("Adadelta", {"maximize": True}),
    ("Adamax", {}),
    ("Adamax", {"lr": 0.05, "betas": (0.7, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("Adamax", {"maximize": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "eps": 1e-2}),
    ("Adagrad", {"initial_accumulator_value": 0.5, "maximize": True}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.05, "betas": (0.7, 0.9), "momentum_decay": 0.1, "weight_decay": 0.1}),
    ("NAdam", {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("NAdam", {"maximize": True, "eps": 1e-3}),
    ("RAdam", {"lr": 0.01}),
    ("RAdam", {"lr": 0.05, "betas": (0.7, 0.9), "eps": 1e-2, "weight_decay": 0.1}),
    ("RAdam", {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {"maximize": True}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.1, "etas": (0.3, 1.5), "step_sizes": (0.05, 0.2), "maximize": True}),
    ("ASGD", {"lr": 0.1}),
    ("ASGD", {"lr": 0.1, "lambd": 0.1, "alpha": 0.5, "weight_decay": 0.1, "maximize": True}),
    ("Adafactor", {"lr": 0.1}),
    ("Adafactor", {"lr": 0.5, "eps": (1e-2, 0.1), "d": 1.5, "weight_decay": 0.1}),
    ("Adafactor", {"beta2_decay": -0.5, "maximize": True}),
]


def rule(name: str):
    return getattr(optim, name, None) or getattr(optim_adaptive, name)


def problem() -> tuple[dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
    """Parameters and a sequence of gradients; some gradients are zero, some tiny."""
    rng = np.random.default_rng(0)
    draw = {name: rng.normal(size=(STEPS, *shape)) for name, shape in SHAPES.items()}
    draw["bias"][:, 0] = 0.0
    draw["bias"][:, 1] *= 1e-4
    gradients = [
        {name: value[step].astype(np.float32) for name, value in draw.items()}
        for step in range(STEPS)
    ]
    params = {name: rng.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}
    return params, gradients


def torch_trajectory(name: str, options: dict, lrs: list[float] | None = None) -> list[dict]:
    """The parameters after each of PyTorch's steps, in float64 as the reference."""
    params, gradients = problem()
    tensors = {key: torch.tensor(value, dtype=torch.float64) for key, value in params.items()}
    optimizer = getattr(torch.optim, name)(list(tensors.values()), **options)
    trajectory = []
    for step, gradient in enumerate(gradients):
        for key, tensor in tensors.items():
            tensor.grad = torch.tensor(gradient[key], dtype=torch.float64)
        if lrs is not None:
            optimizer.param_groups[0]["lr"] = lrs[step]
        optimizer.step()
        trajectory.append({key: tensor.numpy().copy() for key, tensor in tensors.items()})
    return trajectory


def assert_trajectory(transformation, expected: list[dict], lrs: list[float] | None = None) -> None:
    params, gradients = problem()
    params = jax.tree.map(jnp.asarray, params)
    state = transformation.init(params)

    @jax.jit
    def step(params, state, gradient):
        updates, state = transformation.update(gradient, state, params)
        return optax.apply_updates(params, updates), state

    for index, (gradient, wanted) in enumerate(zip(gradients, expected, strict=True)):
        if lrs is not None:
            state.hyperparams["learning_rate"] = jnp.float32(lrs[index])
        params, state = step(params, state, gradient)
        for key, value in wanted.items():
            np.testing.assert_allclose(params[key], value, rtol=1e-5, atol=2e-6, err_msg=key)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_same_updates(name: str, options: dict) -> None:
    assert_trajectory(rule(name)(None, **options), torch_trajectory(name, options))


@pytest.mark.parametrize(("name", "options"), list(dict(CASES).items()))
def test_learning_rate_may_change_between_steps(name: str, options: dict) -> None:
    lrs = [0.05 / (1 + step) for step in range(STEPS)]
    options = {**options, "lr": lrs[0]}
    transformation = optax.inject_hyperparams(
        lambda learning_rate: rule(name)(None, **{**options, "lr": learning_rate})
    )(learning_rate=lrs[0])
    assert_trajectory(transformation, torch_trajectory(name, options, lrs), lrs)


@pytest.mark.parametrize("name", sorted({name for name, _ in CASES}))
def test_signature_is_pytorchs(name: str) -> None:
    wanted = list(inspect.signature(getattr(torch.optim, name)).parameters.values())
    actual = list(inspect.signature(rule(name)).parameters.values())
    assert {p.name: p.kind for p in actual} == {p.name: p.kind for p in wanted}
    for mine, theirs in zip(actual, wanted, strict=True):
        # momentum: None and 0 both mean that there is no momentum buffer.
        default = theirs.default if theirs.name != "momentum" else None
        if mine.kind is not mine.KEYWORD_ONLY:
            assert (mine.name, mine.default) == (theirs.name, default)


@pytest.mark.parametrize("name", ["SparseAdam", "Muon"])
def test_unsupported_says_so(name: str) -> None:
    with pytest.raises(NotImplementedError):
        rule(name)(None, lr=0.1)


def test_common_calls_use_optax_alone() -> None:
    """The state is that of the plain optax function: no private transformation, no extra terms."""
    params = {"w": jnp.ones(3)}
    pairs = [
        (optim.SGD(None, lr=0.1), optax.sgd(0.1)),
        (optim.Adam(None), optax.adam(1e-3)),
        (optim.AdamW(None), optax.adamw(1e-3)),
        (optim.RMSprop(None), optax.rmsprop(1e-2)),
    ]
    for ours, plain in pairs:
        assert jax.tree.structure(ours.init(params)) == jax.tree.structure(plain.init(params))


def test_training_step_under_jit_matches() -> None:
    torch.manual_seed(0)
    reference = torch.nn.Linear(5, 2)
    x, y = torch.randn(8, 5), torch.randn(8, 2)
    torch_optimizer = torch.optim.AdamW(reference.parameters(), lr=0.05, weight_decay=0.1)
    model = nnx.Linear(5, 2, rngs=nnx.Rngs(0))
    model.kernel[...] = jnp.asarray(reference.weight.detach().numpy().T)
    model.bias[...] = jnp.asarray(reference.bias.detach().numpy())
    transformation = optim.AdamW(None, lr=0.05, weight_decay=0.1)
    optimizer = nnx.Optimizer(model, transformation, wrt=nnx.Param)

    @nnx.jit
    def train_step(model, optimizer, x, y):
        def loss_fn(model):
            return jnp.mean((model(x) - y) ** 2)

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        grads, norm = nn_clip.clip_grad_norm(grads, 0.5)
        optimizer.update(model, grads)
        return loss, norm

    for _ in range(10):
        torch_optimizer.zero_grad()
        wanted = torch.nn.functional.mse_loss(reference(x), y)
        wanted.backward()
        wanted_norm = torch.nn.utils.clip_grad_norm_(reference.parameters(), 0.5)
        torch_optimizer.step()
        loss, norm = train_step(model, optimizer, jnp.asarray(x.numpy()), jnp.asarray(y.numpy()))
        np.testing.assert_allclose(loss, wanted.item(), rtol=2e-5)
        np.testing.assert_allclose(norm, wanted_norm.item(), rtol=2e-5)


def gradient_tensors(scale: float) -> tuple[dict, dict[str, torch.Tensor]]:
    _, gradients = problem()
    gradient = {key: value * np.float32(scale) for key, value in gradients[0].items()}
    tensors = {key: torch.zeros(value.shape) for key, value in gradient.items()}
    for key, tensor in tensors.items():
        tensor.grad = torch.tensor(gradient[key])
    return jax.tree.map(jnp.asarray, gradient), tensors


@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, float("inf"), "inf"])
@pytest.mark.parametrize(("scale", "max_norm"), [(1.0, 0.1), (1e-3, 5.0), (1e-6, 1e-7), (0.0, 1.0)])
def test_clip_grad_norm(scale: float, max_norm: float, norm_type: float | str) -> None:
    gradient, tensors = gradient_tensors(scale)
    wanted = torch.nn.utils.clip_grad_norm_(tensors.values(), max_norm, norm_type=norm_type)
    clipped, norm = nn_clip.clip_grad_norm(gradient, max_norm, norm_type)
    np.testing.assert_allclose(norm, wanted.item(), rtol=1e-5)
    for key, tensor in tensors.items():
        np.testing.assert_allclose(clipped[key], tensor.grad.numpy(), rtol=1e-5)
    rescaled = nn_clip.clip_grads_with_norm(gradient, max_norm, norm)
    for key, tensor in tensors.items():
        np.testing.assert_allclose(rescaled[key], tensor.grad.numpy(), rtol=1e-5)


def test_clip_grad_value() -> None:
    gradient, tensors = gradient_tensors(1.0)
    torch.nn.utils.clip_grad_value_(tensors.values(), 0.3)
    clipped = nn_clip.clip_grad_value(gradient, 0.3)
    for key, tensor in tensors.items():
        np.testing.assert_array_equal(clipped[key], tensor.grad.numpy())
