"""The PyTorch side of one target: builds it, makes its arguments, and calls it."""

from __future__ import annotations

import contextlib
import copy
import random
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import torch

from tojax.verify.draws import Draw
from tojax.verify.loading import Args, as_call, as_construction, evaluate
from tojax.verify.objects import find_modules
from tojax.verify.replay_torch import Draws
from tojax.verify.specs import SPECS, Spec
from tojax.verify.targets import Target
from tojax.verify.torch_arguments import MemorySaved, are_pure, changed, contents
from tojax.verify.torch_copies import copied
from tojax.verify.torch_double import in_float64
from tojax.verify.torch_gradients import differentiate
from tojax.verify.torch_initial import certain_state
from tojax.verify.torch_modules import (
    StepCounter,
    changed_buffers,
    has_gradients,
    is_moved,
    nudge_parameters,
    parameters_of,
    vary_constants,
    vary_parameters,
)
from tojax.verify.torch_run import Run
from tojax.verify.torch_values import TorchArrays, is_finite, is_float, make_tensor
from tojax.verify.torch_variation import varied
from tojax.verify.tree import (
    GONE,
    CannotShip,
    argument_path,
    collect_leaves,
    encode,
    flatten_raw,
    map_leaves,
    of_call,
)

ARRAYS = TorchArrays()
Change = Callable[[Any], Any]


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
        self.initial: dict[str, np.ndarray[Any, Any]] = {}  # state that no chance decides
        self.varied: list[int] = []  # seeds for which the inputs would repeat themselves
        self.scaled: dict[int, tuple[str, Change]] = {}  # seeds for which floats are small or large

    def build(self) -> None:
        """Construct the class (once) and give its parameters and statistics values that matter."""
        if not self.is_class:
            return
        self.model = self._built(seed=0)
        if isinstance(self.model, torch.nn.Module):
            state = {k: v.clone() for k, v in self.model.state_dict().items()}
            self.initial = certain_state(state, lambda: self._built(seed=1))
            vary_parameters(self.model)
            usual = copied(self.model)
            vary_constants(self.model)
            if not self._warm_up():  # not every number makes sense there
                self.model = usual
                self._warm_up()

    def _built(self, *, seed: int) -> Any:
        reseed(seed)
        args, kwargs = self.init_arguments()
        return self.callee(*args, **kwargs)

    def init_arguments(self) -> Args:
        """The constructor's arguments."""
        if self.target.init is None:
            return [], {}
        return as_construction(evaluate(self.target.init, self.module, SPECS), self.callee)

    def _warm_up(self) -> bool:
        """One forward pass in train mode, so that running statistics are not at their defaults.

        Returns:
            Whether all that it computes is finite.
        """
        with contextlib.suppress(Exception), torch.no_grad():
            warmed = copied(self.model).train()
            args, kwargs, _ = self.arguments(0)
            results = flatten_raw(warmed(*args, **kwargs), ARRAYS)
            state = warmed.state_dict()
            if is_finite(state):
                self.model.load_state_dict(state)
                return is_finite(results)
        return False

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
        watched: Sequence[str] = (),
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
            watched: where arguments after the call are results in any case.
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
            run = Run({}, draws, setup, modules=modules, changed=list(watched))
            afterwards: dict[str, Any] = {}
            for number, call in enumerate(calls, 1):
                afterwards |= self._call(callee, call, number, run)
            run.raw |= {path: afterwards.get(path, GONE) for path in run.changed}
            moved, pure = is_moved(modules, before), are_pure(calls[-1])
            run.only_gradients = has_gradients(modules) and not moved
            run.stateful = moved or run.only_gradients or not pure
            run.steps, run.waits = steps.count, steps.waits
            if "" in modules:
                run.buffers = changed_buffers(modules[""], self.states[""])
            if cotangents is not None:
                for path, module in modules.items():
                    for name, parameter in module.named_parameters(remove_duplicate=False):
                        if parameter.requires_grad:
                            differentiable[parameter_name(path, name)] = parameter
                differentiate(run, differentiable, cotangents, seed)
        return run

    def _call(self, callee: Callable[..., Any], call: Any, number: int, run: Run) -> dict[str, Any]:
        """Add one call's results to a run; gives the arguments afterwards, by path."""
        args, kwargs = call
        before = contents(call)
        with MemorySaved() as saved:
            raw = flatten_raw(callee(*args, **kwargs), ARRAYS, of_call(number))
        run.raw |= raw
        leaves = collect_leaves(call, lambda leaf: True)
        run.handed_back |= {p for p, v in raw.items() if any(v is x for x in leaves.values())}
        found = [argument_path(p, number) for p in changed(before, call, raw.values(), saved)]
        run.changed += [path for path in found if path not in run.changed]
        return {argument_path(path, number): leaf for path, leaf in leaves.items()}

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
