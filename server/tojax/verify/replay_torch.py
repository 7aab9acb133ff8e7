"""Records every random draw of PyTorch code below autograd, and gives recorded ones again.

A dispatch mode sees each draw where it really happens, also those inside dropout, attention or
a recurrent layer. It makes the draw itself from a standard distribution, so that one recording
serves float32, float64 and JAX alike.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import RandomSampler

from tojax.verify.draws import CannotReplay, Draw

Tensor = torch.Tensor


class Draws(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While active, every draw is recorded, or taken from ``given`` where that is not None.

    ``problem`` names a draw that cannot be carried over; ``inside_modules`` tells that parameters
    were drawn meanwhile (those are never recorded: the state dict carries them over); ``follows``
    that all draws went on where the generator stood, so that another call would draw others.

    With ``rare``, uniform numbers lie close to the probability that they are compared with, where
    another one shows, else to 0 or to 1, where unlikely things happen.
    """

    def __init__(self, given: Sequence[Draw] | None = None, *, rare: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rare = rare
        self.draws: list[Draw] = []
        self.problem: str | None = None
        self.inside_modules = False
        self.follows = True
        self._given = None if given is None else list(given)
        self._epochs: dict[FrameType, int] = {}  # kept alive, so that none takes another's place
        self._generator: torch.Generator | None = None
        self._next_position = _position(torch.default_generator)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if torch.Tag.nondeterministic_seeded not in func.tags or _is_certain(func, args):
            return func(*args, **kwargs)
        if self._is_initialisation(args):
            self.inside_modules = True
            return func(*args, **kwargs)
        if self._is_unused(func):
            return func(*args, **kwargs)
        name = func.overloadpacket.__name__
        handler = HANDLERS.get(name)
        if handler is None or kwargs.get("out") is not None:
            self.problem = self.problem or f"{name} cannot be replayed"
            return func(*args, **kwargs)
        given = (v for v in (*args, *kwargs.values()) if isinstance(v, torch.Generator))
        self._generator = next(given, None)
        return handler(self, func, args, kwargs)

    def standard(self, kind: str, like: Tensor, span: int = 0, limit: Any = None) -> Tensor:
        """The next draw of a kind, as ``like``; ``limit`` is what it is compared with, if known."""
        if self._given is None:
            generator = self._generator or _default_generator(like.device)
            position = _position(generator)
            values = SOURCES[kind](like.shape, span)
            if self._rare and kind == "uniform":
                values = _rare(values, limit, len(self.draws))
            if generator is torch.default_generator:
                self.follows = self.follows and position == self._next_position
                self._next_position = _position(generator)
            else:  # it has to move on as if it had made the draw
                torch.rand(max(values.numel(), 1), generator=generator, device=generator.device)
                self.follows = False
            self.draws.append(Draw(kind, values.numpy().copy(), span, position))
        else:
            draw = self._given.pop(0) if self._given else None
            if draw is None or (draw.kind, draw.values.shape) != (kind, tuple(like.shape)):
                raise CannotReplay("PyTorch draws other random numbers in float64")
            values = torch.from_numpy(draw.values.copy())
        return values.to(like.device, like.dtype)

    def _is_initialisation(self, args: tuple[Any, ...]) -> bool:
        if args and isinstance(args[0], Tensor) and isinstance(args[0], torch.nn.Parameter):
            return True
        return any(
            frame.f_code.co_name in ("__init__", "reset_parameters")
            and isinstance(frame.f_locals.get("self"), torch.nn.Module)
            for frame in _frames()
        )

    def _is_unused(self, func: Any) -> bool:
        """Draws of PyTorch's data loader that decide nothing: seeds, and a spare permutation."""
        for frame in _frames():
            if not frame.f_globals.get("__name__", "").startswith("torch.utils.data"):
                continue
            if func.overloadpacket.__name__ == "random_":
                return True
            if frame.f_code is RandomSampler.__iter__.__code__:
                sampler, size = frame.f_locals["self"], frame.f_locals["n"]
                whole, rest = divmod(sampler.num_samples, size)
                count = self._epochs[frame] = self._epochs.get(frame, 0) + 1
                return bool(rest == 0 and count > whole)
        return False


def _default_generator(device: torch.device) -> torch.Generator:
    if device.type != "cuda":
        return torch.default_generator
    return torch.cuda.default_generators[device.index or 0]


def _position(generator: torch.Generator) -> str:
    """The place of a generator in its stream; seeding it alike leads to the same place."""
    state = generator.get_state().numpy().tobytes()
    return hashlib.blake2b(state, digest_size=8).hexdigest()


def _frames() -> list[FrameType]:
    frame: FrameType | None = sys._getframe(2)
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found


def _is_certain(func: Any, args: tuple[Any, ...]) -> bool:
    """Operators that may draw but do not here, such as attention without dropout."""
    names = [argument.name for argument in func._schema.arguments]
    bound = dict(zip(names, args, strict=False))
    defaults = {a.name: a.default_value for a in func._schema.arguments if a.has_default_value()}
    bound = defaults | bound
    for name in ("dropout_p", "dropout"):
        if name in bound:
            return not bound[name] or bound.get("train") is False
    return bound.get("training") is False or bound.get("train") is False


def _rare(values: Tensor, limit: Any, number: int) -> Tensor:
    """Uniform numbers drawn together to either side of a limit, farther than rounding moves it.

    Without one, they lie towards 0 and 1; single ones alternate, beginning at 0.
    """
    coin = (values * 2**10) % 1 >= 0.5
    if limit is not None:
        steps = torch.where(coin, 1, -1) * (1 + values) * 2**-9
        return (torch.as_tensor(limit).cpu().float() + steps).clamp(0, 1 - 2**-14)
    is_high = coin if values.numel() > 1 else torch.tensor(number % 2 == 1)
    return torch.where(is_high, 1 - (values + 2**-14) * 2**-10, values * 2**-10)


SOURCES: dict[str, Callable[[Sequence[int], int], Tensor]] = {
    "normal": lambda shape, span: torch.randn(shape, dtype=torch.float32),
    "uniform": lambda shape, span: torch.rand(shape, dtype=torch.float32),
    "exponential": lambda shape, span: torch.empty(shape, dtype=torch.float32).exponential_(),
    "gumbel": lambda shape, span: -torch.empty(shape, dtype=torch.float32).exponential_().log(),
    "integers": lambda shape, span: torch.randint(0, span, tuple(shape)),
    "permutation": lambda shape, span: torch.randperm(span),
}

Handler = Callable[[Draws, Any, tuple[Any, ...], dict[str, Any]], Any]


def _empty(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any], size: Any) -> Tensor:
    """An uninitialised tensor with the size, dtype and device that a creation asks for."""
    if args and isinstance(args[0], Tensor):
        return torch.empty_like(args[0], dtype=kwargs.get("dtype"), device=kwargs.get("device"))
    default = torch.int64 if "rand" in func.name() and "int" in func.name() else None
    dtype = kwargs.get("dtype") or default
    return torch.empty(size, dtype=dtype, device=kwargs.get("device"))


def _create(kind: str) -> Handler:
    def handler(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Tensor:
        return mode.standard(kind, _empty(func, args, kwargs, args[0]))

    return handler


def _fill(kind: str, apply: Callable[..., Tensor]) -> Handler:
    """In-place draws: ``tensor.normal_(mean, std)``, with the schema's defaults filled in."""

    def handler(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Tensor:
        target, *parameters = _bind(func, args, kwargs)
        numbers = target if target.is_floating_point() else target.to(torch.get_default_dtype())
        filled: Tensor = target.copy_(apply(mode.standard(kind, numbers), *parameters))
        return filled

    return handler


def _bind(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """Positional values of all arguments but the generator and the keyword-only ones."""
    bound = list(args)
    for argument in func._schema.arguments[len(args) :]:
        if not argument.kwarg_only and argument.name != "generator":
            bound.append(kwargs.get(argument.name, argument.default_value))
    return bound


def _normal(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    mean, std, *size = _bind(func, args, kwargs)
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        like = torch.as_tensor(mean) + torch.as_tensor(std)
        like = like if like.is_floating_point() else like.to(torch.get_default_dtype())
        like = torch.empty(like.shape, dtype=like.dtype, device=like.device)
    else:
        like = _empty(func, (), kwargs, size[0])
    return mode.standard("normal", like) * std + mean


def _bernoulli(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    source, *rest = _bind(func, args, kwargs)
    probability = rest[0] if rest else source
    return (mode.standard("uniform", source, limit=probability) < probability).to(source.dtype)


def _native_dropout(
    mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Tensor, Tensor]:
    x, p = args[0], args[1]
    keep = mode.standard("uniform", x, limit=1 - p) < 1 - p
    return x * keep / (1 - p), keep


def _rrelu(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    x, noise, lower, upper = args[:4]
    slope = mode.standard("uniform", x) * (upper - lower) + lower
    noise.copy_(torch.where(x <= 0, slope, torch.ones_like(x)))
    return x * noise


def _integers(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    like_tensor = isinstance(args[0], Tensor)
    numbers = args[1:] if like_tensor else args
    low, high = (numbers[0], numbers[1]) if "low" in func._overloadname else (0, numbers[0])
    like = _empty(func, args if like_tensor else (), kwargs, None if like_tensor else numbers[-1])
    return mode.standard("integers", like, span=high - low) + low


def _random(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    limits = [value for value in args[1:] if value is not None]
    if not limits:
        mode.problem = mode.problem or "random_() without limits cannot be replayed"
        return func(*args, **kwargs)
    low, high = (0, limits[0]) if len(limits) == 1 else (limits[0], limits[1])
    filled: Tensor = args[0].copy_(mode.standard("integers", args[0], span=high - low) + low)
    return filled


def _permutation(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    dtype = kwargs.get("dtype") or torch.int64
    like = torch.empty(args[0], dtype=dtype, device=kwargs.get("device"))
    return mode.standard("permutation", like, span=args[0])


def _multinomial(mode: Draws, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    weights, count, *rest = _bind(func, args, kwargs)
    scores = weights.log()
    if count == 1:
        return (scores + mode.standard("gumbel", scores)).argmax(-1, keepdim=True)
    if rest and rest[0]:  # with replacement: one row of noise for each choice
        rows = scores.unsqueeze(-2).expand(*scores.shape[:-1], count, scores.shape[-1])
        like = torch.empty(rows.shape, dtype=scores.dtype, device=scores.device)
        return (rows + mode.standard("gumbel", like)).argmax(-1)
    return (scores + mode.standard("gumbel", scores)).topk(count).indices


HANDLERS: dict[str, Handler] = {
    "randn": _create("normal"),
    "randn_like": _create("normal"),
    "rand": _create("uniform"),
    "rand_like": _create("uniform"),
    "normal": _normal,
    "normal_": _fill("normal", lambda z, mean, std: z * std + mean),
    "uniform_": _fill("uniform", lambda u, low, high: u * (high - low) + low),
    "exponential_": _fill("exponential", lambda e, rate: e / rate),
    "log_normal_": _fill("normal", lambda z, mean, std: (z * std + mean).exp()),
    "cauchy_": _fill("uniform", lambda u, at, by: at + by * torch.tan(math.pi * (u - 0.5))),
    "bernoulli": _bernoulli,
    "bernoulli_": _fill("uniform", lambda u, p: u < p),
    "native_dropout": _native_dropout,
    "rrelu_with_noise": _rrelu,
    "randint": _integers,
    "randint_like": _integers,
    "random_": _random,
    "randperm": _permutation,
    "multinomial": _multinomial,
}
