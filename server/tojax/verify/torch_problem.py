"""The PyTorch side of one target: builds it, makes its arguments, and calls it."""

from __future__ import annotations

import contextlib
import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import torch

from tojax.verify.draws import Draw
from tojax.verify.loading import Args, as_call, as_construction, evaluate
from tojax.verify.objects import find_modules, is_neutral
from tojax.verify.replay_torch import Draws
from tojax.verify.specs import SPECS, Spec
from tojax.verify.targets import Target
from tojax.verify.torch_copies import copied
from tojax.verify.torch_double import in_float64
from tojax.verify.torch_gradients import differentiate
from tojax.verify.torch_modules import (
    StepCounter,
    changed_buffers,
    is_trained,
    nudge_parameters,
    parameters_of,
    vary_parameters,
)
from tojax.verify.torch_values import TorchArrays, is_float, make_tensor
from tojax.verify.torch_variation import varied
from tojax.verify.tree import (
    CannotShip,
    collect_leaves,
    encode,
    flatten_raw,
    map_leaves,
    of_call,
)

ARRAYS = TorchArrays()
Change = Callable[[Any], Any]


@dataclass
class Run:
    """What one call gave: raw results by path, gradients by name, and the draws it made.

    ``handed_back`` are the results that are arguments themselves,
    ``buffers`` names what it changed in a module's state beside parameters, ``steps`` counts the
    steps of optimizers.
    """

    raw: dict[str, Any]
    draws: Draws
    setup: Draws
    gradients: dict[str, torch.Tensor] = field(default_factory=dict)
    modules: dict[str, torch.nn.Module] = field(default_factory=dict)
    no_gradient: str = ""
    stateful: bool = False
    handed_back: set[str] = field(default_factory=set)
    buffers: list[str] = field(default_factory=list)
    steps: int = 0


class TorchProblem:
    """One target with its inputs.

    Args:
        module: the loaded file.
        target: what to run.
        given: positional arguments to use instead of the target's own.
    """

    def __init__(self, module: ModuleType, target: Target, given: list[Any] | None) -> None:
        self.module, self.target, self.given = module, target, given
        self.callee = getattr(module, target.name)
        self.is_class = isinstance(self.callee, type)
        self.states: dict[str, dict[str, torch.Tensor]] = {}
        self.model: Any = None
        self.varied: list[int] = []  # seeds for which the inputs would repeat themselves
        self.scaled: dict[int, tuple[str, Change]] = {}  # seeds for which floats are small or large

    def build(self) -> None:
        """Construct the class (once) and give its parameters and statistics values that matter."""
        reseed(0)
        if not self.is_class:
            return
        args, kwargs = self.init_arguments()
        self.model = self.callee(*args, **kwargs)
        if isinstance(self.model, torch.nn.Module):
            vary_parameters(self.model)
            self._warm_up()

    def init_arguments(self) -> Args:
        """The constructor's arguments."""
        if self.target.init is None:
            return [], {}
        return as_construction(evaluate(self.target.init, self.module, SPECS), self.callee)

    def _warm_up(self) -> None:
        """One forward pass in train mode, so that running statistics are not at their defaults."""
        with contextlib.suppress(Exception), torch.no_grad():
            warmed = copied(self.model).train()
            args, kwargs, _ = self.arguments(0)
            warmed(*args, **kwargs)
            state = warmed.state_dict()
            if all(torch.isfinite(v).all() for v in state.values() if is_float(v)):
                self.model.load_state_dict(state)

    def arguments(self, seed: int) -> tuple[list[Any], dict[str, Any], Draws]:
        """The call's arguments for one seed, and the draws made while setting them up."""
        args, kwargs, draws = self._own_arguments(seed)
        if seed in self.varied:
            args = [self._varied(value, seed) for value in args]
            kwargs = {name: self._varied(value, seed) for name, value in kwargs.items()}
        if seed in self.scaled:
            # at once: integers beside floats are labels and places, which have no other sign
            given = {**{str(place): v for place, v in enumerate(args)}, **kwargs}
            changed = self.scaled[seed][1]({n: v for n, v in given.items() if self.can_ship(v)})
            args = [changed.get(str(place), value) for place, value in enumerate(args)]
            kwargs = {name: changed.get(name, value) for name, value in kwargs.items()}
        return args, kwargs, draws

    def scaled_kind(self, seed: int) -> str:
        """``"small"`` or ``"large"`` where a seed stands for such inputs, else nothing."""
        return self.scaled[seed][0] if seed in self.scaled else ""

    def _varied(self, value: Any, seed: int) -> Any:
        freely = self.varied.index(seed) % 2 == 0
        return varied(value, seed, freely=freely) if self.can_ship(value) else value

    def vary_repeated_inputs(self, seeds: Sequence[int]) -> None:
        """Give every seed inputs of its own."""
        seen: list[Any] = []
        for seed in seeds:
            args, kwargs, _ = self._own_arguments(seed)
            store: list[np.ndarray[Any, Any]] = []
            shipped = [v for v in [*args, *kwargs.values()] if self.can_ship(v)]
            data = encode(shipped, ARRAYS, store)
            inputs = (data, [array.tobytes() for array in store])
            if inputs in seen and store:
                self.varied.append(seed)
            seen.append(inputs)

    def _own_arguments(self, seed: int) -> tuple[list[Any], dict[str, Any], Draws]:
        reseed(seed)
        draws = Draws()
        if self.given is not None:
            return copy.deepcopy(self.given), {}, draws
        with draws:
            value = evaluate(self.target.inputs or "()", self.module, SPECS)
        generator = np.random.default_rng(seed)

        def draw(path: str, leaf: Any) -> Any:
            return make_tensor(leaf.draw(generator), leaf.dtype) if isinstance(leaf, Spec) else leaf

        args, kwargs = as_call(map_leaves(value, draw))
        return args, kwargs, draws

    def can_ship(self, value: Any) -> bool:
        """Whether an argument is plain data, rather than something each side makes itself."""
        try:
            encode(value, ARRAYS, [])
        except CannotShip:
            return False
        return True

    def run(
        self,
        seed: int,
        mode: str,
        *,
        double: bool = False,
        given: Sequence[Draw] | None = None,
        nudge: float = 0.0,
        cotangents: dict[str, np.ndarray[Any, Any]] | None = None,
        device: str = "cpu",
        after: int | None = None,
        times: int = 1,
        rare: bool = False,
    ) -> Run:
        """Call the target.

        Args:
            seed: selects the inputs.
            mode: ``"train"``, ``"eval"``, or ``"call"`` for functions.
            double: compute in float64.
            given: draws to repeat instead of making new ones.
            nudge: relative size of random changes of inputs and parameters.
            cotangents: weights of the float results, by path, filled in where missing; None
                computes no gradients.
            device: where to compute.
            after: selects the inputs of a call before this one, if there is to be one.
            times: how often to call it with the same arguments.
            rare: draw uniform numbers that lie at either end.
        """
        args, kwargs, setup = self.arguments(seed)
        callee, modules = self._prepare(args, kwargs, mode, double, device)
        differentiable: dict[str, torch.Tensor] = {}

        def place(path: str, leaf: Any) -> Any:
            if not isinstance(leaf, torch.Tensor):
                return leaf
            leaf = leaf.to(device, copy=times > 1)
            if not is_float(leaf):
                return leaf
            if double:
                leaf = leaf.to(torch.complex128 if leaf.is_complex() else torch.float64)
            leaf = leaf.detach()
            if nudge:
                leaf = leaf * (1 + nudge * torch.randn(leaf.shape)).to(leaf)
            if cotangents is None:
                return leaf
            differentiable[f"input {path}"] = leaf.requires_grad_()
            return leaf.clone()

        calls = [] if after is None else [self.arguments(after)[:2]]
        calls = [map_leaves(call, place) for call in [*calls, *[(args, kwargs)] * times]]
        if nudge:
            nudge_parameters(modules, nudge)
        before = {path: parameters_of(module) for path, module in modules.items()}
        draws, steps = Draws(given, rare=rare), StepCounter()
        with in_float64() if double else contextlib.nullcontext(), draws, steps:
            run = Run({}, draws, setup, modules=modules)
            for number, (args, kwargs) in enumerate(calls, 1):
                raw = flatten_raw(callee(*args, **kwargs), ARRAYS, of_call(number))
                leaves = collect_leaves((args, kwargs), lambda leaf: True).values()
                run.handed_back |= {p for p, v in raw.items() if any(v is leaf for leaf in leaves)}
                run.raw |= raw
            run.stateful = is_trained(modules, before) or not _arguments_are_pure(args, kwargs)
            run.steps = steps.count
            if "" in modules:
                run.buffers = changed_buffers(modules[""], self.states[""])
            if cotangents is not None:
                for path, module in modules.items():
                    for name, parameter in module.named_parameters(remove_duplicate=False):
                        if parameter.requires_grad:
                            differentiable[parameter_name(path, name)] = parameter
                differentiate(run, differentiable, cotangents, seed)
        return run

    def _prepare(
        self, args: list[Any], kwargs: dict[str, Any], mode: str, double: bool, device: str
    ) -> tuple[Callable[..., Any], dict[str, torch.nn.Module]]:
        modules = find_modules([args, kwargs], torch.nn.Module)
        callee = self.callee
        if self.is_class:
            callee = copied(self.model)
            if isinstance(callee, torch.nn.Module):
                modules = {"": callee.train(mode == "train"), **modules}
        for path, module in modules.items():
            is_argument = bool(path)  # made afresh for each run, while the model is copied
            if path not in self.states:
                if is_argument:
                    vary_parameters(module)
                self.states[path] = {k: v.clone() for k, v in module.state_dict().items()}
            elif is_argument:
                module.load_state_dict(self.states[path])
            module.to(device)
            if double:
                module.double()
        return callee, modules


def parameter_name(path: str, name: str) -> str:
    """How a parameter is called in gradients and messages."""
    return f"parameter {name}" if not path else f"parameter {name} of {path}"


def reseed(seed: int) -> None:
    """Seed every generator that user code may draw from."""
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)


def _arguments_are_pure(args: list[Any], kwargs: dict[str, Any]) -> bool:
    pure = True

    def look(path: str, leaf: Any) -> Any:
        nonlocal pure
        pure = pure and (is_neutral(leaf) or ARRAYS.is_array(leaf) or ARRAYS.is_module(leaf))
        return leaf

    map_leaves([args, kwargs], look)
    return pure
