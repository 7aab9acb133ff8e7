"""Walking over modules, parameter groups, and the state of modules and optimizers."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
from flax import nnx
from rules.api import lr_scheduler_cyclic, module_state, module_tree, nn_parameter, optim
from rules.api.optim_groups import grouped_optimizer, param_groups


class Block(nnx.Module):
    def __init__(self):
        self.weight = nnx.Param(jnp.ones((3, 3)))
        self.mean = nnx.BatchStat(jnp.zeros(3))
        self.bias = nnx.Param(jnp.zeros(3))
        self.mask = nnx.Variable(jnp.ones(3), persistent=False)
        self.missing = None


class Model(nnx.Module):
    def __init__(self):
        self.zeta = Block()
        self.alpha = nnx.Param(jnp.ones(2))
        self.layers = nnx.List([Block(), nnx.Dropout(0.1, rngs=nnx.Rngs(0)), Block()])
        self.heads = nnx.Dict({"b": Block(), "a": Block()})
        self.net = nnx.Sequential(Block(), jax.nn.relu, Block())
        self.again = self.zeta
        self.tied = nnx.Module()
        self.tied.weight = self.zeta.weight


class TorchBlock(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(3, 3))
        self.register_buffer("mean", torch.zeros(3))
        self.bias = torch.nn.Parameter(torch.zeros(3))
        self.register_buffer("mask", torch.ones(3), persistent=False)
        self.missing = None


class TorchModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.zeta = TorchBlock()
        self.alpha = torch.nn.Parameter(torch.ones(2))
        self.layers = torch.nn.ModuleList([TorchBlock(), torch.nn.Dropout(0.1), TorchBlock()])
        self.heads = torch.nn.ModuleDict({"b": TorchBlock(), "a": TorchBlock()})
        self.net = torch.nn.Sequential(TorchBlock(), torch.nn.ReLU(), TorchBlock())
        self.again = self.zeta
        self.tied = torch.nn.Module()
        self.tied.weight = self.zeta.weight


def names(pairs) -> list[str]:
    return [name for name, _ in pairs]


def test_names_and_order_are_pytorchs() -> None:
    ours, theirs = Model(), TorchModel()
    assert names(module_tree.named_parameters(ours)) == names(theirs.named_parameters())
    assert names(module_tree.named_buffers(ours)) == names(theirs.named_buffers())
    assert list(module_state.state_dict(ours)) == list(theirs.state_dict())
    assert list(module_state.state_dict(ours, prefix="m.")) == list(theirs.state_dict(prefix="m."))
    kept = module_state.state_dict(ours, prefix="m.", keep_vars=True)
    assert list(kept) == list(theirs.state_dict(prefix="m.", keep_vars=True))
    assert all(isinstance(variable, nnx.Variable) for variable in kept.values())
    for options in ({"prefix": "m"}, {"recurse": False}, {"remove_duplicate": False}):
        assert names(module_tree.named_parameters(ours, **options)) == names(
            theirs.named_parameters(**options)
        )
    assert names(module_tree.named_children(ours)) == names(theirs.named_children())
    # A bare function takes the place of the stateless ReLU at net.1.
    wanted = [name for name in names(theirs.named_modules()) if name != "net.1"]
    assert names(module_tree.named_modules(ours)) == wanted
    assert names(module_tree.named_modules(ours, prefix="m"))[:2] == ["m", "m.zeta"]
    assert len(list(module_tree.modules(ours))) == len(wanted)
    assert len(list(module_tree.children(ours))) == len(list(theirs.children()))
    assert len(list(module_tree.parameters(ours))) == len(list(theirs.parameters()))
    assert len(list(module_tree.buffers(ours))) == len(list(theirs.buffers()))
    assert module_tree.get_submodule(ours, "heads.b") is ours.heads["b"]


def test_parameters_are_the_models_own_objects() -> None:
    model = Model()
    found = dict(module_tree.named_parameters(model))
    assert found["zeta.weight"] is model.zeta.weight
    total = sum(p.numel() for p in TorchModel().parameters())
    assert sum(p.size for p in module_tree.parameters(model)) == total
    assert found["zeta.weight"].ndim == 2
    assert found["zeta.weight"].shape == (3, 3)


def test_apply_visits_children_first() -> None:
    same = {
        "ModuleList": "List",
        "ModuleDict": "Dict",
        "TorchBlock": "Block",
        "TorchModel": "Model",
    }
    ours, theirs = [], []
    model = Model()
    assert module_tree.apply(model, lambda m: ours.append(type(m).__name__)) is model
    TorchModel().apply(lambda m: theirs.append(type(m).__name__))
    assert ours == [same.get(name, name) for name in theirs if name != "ReLU"]


def test_state_dict_round_trip_and_strictness() -> None:
    source, target = Model(), Model()
    source.zeta.weight[...] = jnp.arange(9.0).reshape(3, 3)
    source.layers[0].mean[...] = jnp.full(3, 7.0)
    saved = module_state.state_dict(source)
    assert module_state.load_state_dict(target, saved) == ([], [])
    np.testing.assert_array_equal(target.zeta.weight[...], np.arange(9.0).reshape(3, 3))
    np.testing.assert_array_equal(target.layers[0].mean[...], np.full(3, 7.0))
    assert target.tied.weight is target.zeta.weight

    partial = {key: value for key, value in saved.items() if key != "alpha"}
    partial["extra"] = jnp.ones(1)
    with pytest.raises(RuntimeError, match=r"alpha.*extra"):
        module_state.load_state_dict(target, partial)
    assert module_state.load_state_dict(target, partial, strict=False) == (["alpha"], ["extra"])
    with pytest.raises(RuntimeError, match="alpha"):
        module_state.load_state_dict(target, {**saved, "alpha": jnp.ones(3)}, strict=False)


def test_a_failed_load_changes_nothing() -> None:
    model = Model()
    saved = {name: value + 1 for name, value in module_state.state_dict(model).items()}
    saved["net.2.bias"] = jnp.ones(5)
    with pytest.raises(RuntimeError):
        module_state.load_state_dict(model, saved)
    np.testing.assert_array_equal(model.alpha[...], np.ones(2))


class Net(nnx.Module):
    def __init__(self, reference: torch.nn.Sequential):
        self.first = nnx.Linear(4, 8, rngs=nnx.Rngs(0))
        self.second = nnx.Linear(8, 2, rngs=nnx.Rngs(0))
        for ours, theirs in ((self.first, reference[0]), (self.second, reference[2])):
            ours.kernel[...] = jnp.asarray(theirs.weight.detach().numpy().T)
            ours.bias[...] = jnp.asarray(theirs.bias.detach().numpy())

    def __call__(self, x):
        return self.second(jnp.tanh(self.first(x)))


@nnx.jit
def train_step(model, optimizer, x, y):
    def loss_fn(model):
        return jnp.mean((model(x) - y) ** 2)

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
    return loss


def reference_and_data():
    torch.manual_seed(0)
    layers = (torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    return torch.nn.Sequential(*layers), torch.randn(16, 4), torch.randn(16, 2)


@pytest.mark.parametrize("scheduled", [False, True])
@pytest.mark.parametrize("frozen", [False, True])
def test_training_with_groups(scheduled: bool, frozen: bool) -> None:
    reference, x, y = reference_and_data()
    model = Net(reference)
    decay = [reference[0].weight, reference[2].weight]
    rest = [reference[0].bias] if frozen else [reference[0].bias, reference[2].bias]
    torch_optimizer = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.3}, {"params": rest, "lr": 0.2, "weight_decay": 0.0}],
        lr=0.05,
        betas=(0.9, 0.95),
    )
    decay, rest = [], []
    for param in module_tree.parameters(model):
        (decay if param.ndim > 1 else rest).append(param)
    optimizer = grouped_optimizer(
        model,
        [
            {"params": decay, "weight_decay": 0.3},
            {"params": rest[:1] if frozen else rest, "lr": 0.2, "weight_decay": 0.0},
        ],
        lambda lr, weight_decay: optim.AdamW(
            None, lr=lr, betas=(0.9, 0.95), weight_decay=weight_decay
        ),
        lr=0.05,
    )
    pair = (
        torch.optim.lr_scheduler.CosineAnnealingLR(torch_optimizer, 12),
        lr_scheduler_cyclic.CosineAnnealingLR(optimizer, 12),
    )
    start = np.asarray(model.second.bias[...])
    for _ in range(10):
        torch_optimizer.zero_grad()
        wanted = torch.nn.functional.mse_loss(reference(x), y)
        wanted.backward()
        torch_optimizer.step()
        loss = train_step(model, optimizer, jnp.asarray(x.numpy()), jnp.asarray(y.numpy()))
        np.testing.assert_allclose(loss, wanted.item(), rtol=1e-4)
        if scheduled:
            for scheduler in pair:
                scheduler.step()
    assert (np.asarray(model.second.bias[...]) == start).all() == frozen
    lrs = [float(group["learning_rate"][...]) for group in param_groups(optimizer)]
    np.testing.assert_allclose(lrs, [g["lr"] for g in torch_optimizer.param_groups], rtol=1e-6)


def test_a_single_parameter_may_be_a_group() -> None:
    model = Net(reference_and_data()[0])
    groups = [{"params": model.first.bias}, {"params": module_tree.parameters(model.second)}]
    optimizer = grouped_optimizer(model, groups, lambda lr: optax.sgd(lr), lr=0.5)
    before = nnx.to_pure_dict(nnx.state(model, nnx.Param))
    grads = jax.tree.map(jnp.ones_like, nnx.state(model, nnx.Param))
    optimizer.update(model, grads)
    after = nnx.to_pure_dict(nnx.state(model, nnx.Param))
    moved = jax.tree.map(lambda a, b: float(jnp.abs(a - b).max()), after, before)
    np.testing.assert_allclose(jax.tree.leaves(moved["second"]), 0.5, rtol=1e-5)
    np.testing.assert_allclose(moved["first"]["bias"], 0.5, rtol=1e-5)
    assert moved["first"]["kernel"] == 0.0


def test_wrong_groups_are_errors() -> None:
    model = Net(reference_and_data()[0])
    make = optax.sgd
    twice = [{"params": [model.first.bias]}, {"params": [model.first.bias]}]
    with pytest.raises(ValueError, match="more than one group"):
        grouped_optimizer(model, twice, lambda lr: make(lr), lr=0.1)
    with pytest.raises(ValueError, match="not one of the model's"):
        grouped_optimizer(
            model, [{"params": [nnx.Param(jnp.ones(1))]}], lambda lr: make(lr), lr=0.1
        )


def optimizers(model: nnx.Module) -> dict[str, nnx.Optimizer]:
    scheduled = optax.inject_hyperparams(optax.adamw)(learning_rate=0.1)
    groups = [
        {"params": [model.first.bias]},
        {"params": list(module_tree.parameters(model.second))},
    ]
    return {
        "plain": nnx.Optimizer(model, optax.adam(0.1), wrt=nnx.Param),
        "scheduled": nnx.Optimizer(model, scheduled, wrt=nnx.Param),
        "groups": grouped_optimizer(model, groups, lambda lr: optax.adam(lr), lr=0.1),
    }


@pytest.mark.parametrize("kind", ["plain", "scheduled", "groups"])
def test_optimizer_state_resumes(kind: str) -> None:
    reference, x, y = reference_and_data()
    x, y = jnp.asarray(x.numpy()), jnp.asarray(y.numpy())
    first = Net(reference)
    optimizer = optimizers(first)[kind]
    for _ in range(3):
        train_step(first, optimizer, x, y)
    if kind != "plain":
        param_groups(optimizer)[0]["learning_rate"][...] = 0.03
    model_state = module_state.state_dict(first)
    optimizer_state = module_state.optimizer_state_dict(optimizer)
    second = Net(reference)
    resumed = optimizers(second)[kind]
    module_state.load_state_dict(second, model_state)
    module_state.load_optimizer_state_dict(resumed, optimizer_state)
    for _ in range(3):
        wanted = train_step(first, optimizer, x, y)
        assert train_step(second, resumed, x, y) == wanted
    assert int(resumed.step[...]) == 6


def test_state_of_another_optimizer_is_an_error() -> None:
    model = Net(reference_and_data()[0])
    states = {
        kind: module_state.optimizer_state_dict(optimizer)
        for kind, optimizer in optimizers(model).items()
    }
    with pytest.raises(ValueError, match="another optimizer"):
        module_state.load_optimizer_state_dict(optimizers(model)["plain"], states["scheduled"])
    other = nnx.Optimizer(nnx.Linear(2, 2, rngs=nnx.Rngs(0)), optax.adam(0.1), wrt=nnx.Param)
    with pytest.raises(ValueError, match="another optimizer"):
        module_state.load_optimizer_state_dict(other, states["plain"])


def test_requires_grad() -> None:
    """Frozen parameters get no gradient and are not counted, until they are thawed."""
    model = nnx.List([nnx.Linear(2, 3, rngs=nnx.Rngs(0)), nnx.Linear(3, 1, rngs=nnx.Rngs(1))])

    def trained() -> list[str]:
        wanted = nnx.DiffState(0, module_tree.is_trainable)
        gradient = nnx.grad(lambda m: m[1](m[0](jnp.ones((1, 2)))).sum(), argnums=wanted)(model)
        return [str(path[0]) for path, _ in nnx.to_flat_state(gradient)]

    assert set(trained()) == {"0", "1"}
    assert module_tree.requires_grad_(model[0], False) is model[0]
    assert set(trained()) == {"1"}
    module_tree.requires_grad_(model[0])
    assert set(trained()) == {"0", "1"}


def test_parameters_themselves() -> None:
    model, reference = Model(), TorchModel()
    assert isinstance(nn_parameter.data(model.alpha), jax.Array)
    assert [nn_parameter.requires_grad(p) for p in module_tree.parameters(model)] == [
        p.requires_grad for p in reference.parameters()
    ]
    assert not nn_parameter.requires_grad(model.zeta.mean)


def test_parameters_as_a_vector() -> None:
    torch.manual_seed(0)
    model, reference = Model(), TorchModel()
    size = sum(p.numel() for p in reference.parameters())
    vector = torch.randn(size)
    torch.nn.utils.vector_to_parameters(vector, reference.parameters())
    nn_parameter.vector_to_parameters(jnp.asarray(vector.numpy()), module_tree.parameters(model))
    for (name, ours), theirs in zip(
        module_tree.named_parameters(model), reference.parameters(), strict=True
    ):
        np.testing.assert_array_equal(ours[...], theirs.detach().numpy(), err_msg=name)
    np.testing.assert_array_equal(
        nn_parameter.parameters_to_vector(module_tree.parameters(model)), vector.numpy()
    )


def test_accumulated_gradients() -> None:
    """zero_grad, backward, backward, step: gradients are a value that is added up."""
    reference, x, y = reference_and_data()
    model = Net(reference)
    torch_optimizer = torch.optim.SGD(reference.parameters(), lr=0.5)
    optimizer = nnx.Optimizer(model, optim.SGD(None, lr=0.5), wrt=nnx.Param)

    def loss_fn(model, x, y):
        return jnp.mean((model(x) - y) ** 2)

    for _ in range(3):
        torch_optimizer.zero_grad()
        grads = jax.tree.map(jnp.zeros_like, nnx.state(model, nnx.Param))
        for part in (slice(0, 8), slice(8, 16)):
            torch.nn.functional.mse_loss(reference(x[part]), y[part]).backward()
            inputs = jnp.asarray(x[part].numpy()), jnp.asarray(y[part].numpy())
            grads = jax.tree.map(jnp.add, grads, nnx.grad(loss_fn)(model, *inputs))
        torch_optimizer.step()
        optimizer.update(model, grads)
    np.testing.assert_allclose(
        model.first.kernel[...].T, reference[0].weight.detach().numpy(), rtol=1e-5, atol=1e-6
    )
