"""torch.optim.LBFGS: limited-memory BFGS, whose step evaluates the loss several times.

Optax's `lbfgs` takes one gradient for each update; this one works as PyTorch's does. Source: J.
Nocedal and S. Wright, Numerical Optimization, 2nd edition, algorithms 7.4, 7.5 (BFGS), 3.5 and 3.6
(line search), with the constants of PyTorch
(https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html).
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.flatten_util import ravel_pytree

from tojax.rules.api import torch_api


class LinePoint(NamedTuple):
    """A point of a line search: step length, loss, gradient, and slope along the direction."""

    step: float
    loss: float
    gradient: Array
    slope: float


def cubic_minimum(a: LinePoint, b: LinePoint, low: float, high: float) -> float:
    """Where the cubic through two points and their slopes is least, between `low` and `high`."""
    first, second = (a, b) if a.step <= b.step else (b, a)
    width = first.step - second.step
    d1 = first.slope + second.slope - 3 * (first.loss - second.loss) / width
    square = d1**2 - first.slope * second.slope
    if square < 0:
        return (low + high) / 2
    d2 = math.sqrt(square)
    share = (second.slope + d2 - d1) / (second.slope - first.slope + 2 * d2)
    return min(max(second.step + width * share, low), high)


def bracketed(
    evaluate: Callable[[float], LinePoint], start: LinePoint, step: float, tries: int
) -> tuple[list[LinePoint], int]:
    """One point that meets the strong Wolfe conditions, or two with such a point between them."""
    previous, point = start, evaluate(step)
    for used in range(tries):
        too_high = point.loss > start.loss + 1e-4 * point.step * start.slope
        if too_high or (used > 1 and point.loss >= previous.loss):
            return [previous, point], used
        if abs(point.slope) <= -0.9 * start.slope:
            return [point], used
        if point.slope >= 0:
            return [previous, point], used
        low = point.step + 0.01 * (point.step - previous.step)
        following = cubic_minimum(previous, point, low, point.step * 10)
        previous, point = point, evaluate(following)
    return [start, point], tries


def strong_wolfe(
    evaluate: Callable[[float], LinePoint],
    start: LinePoint,
    step: float,
    reach: float,
    tries: int,
) -> LinePoint:
    """A point along a line that meets the strong Wolfe conditions; `reach`: longest component."""
    bracket, used = bracketed(evaluate, start, step, tries)
    if len(bracket) == 1:
        return bracket[0]
    best, other = sorted(bracket, key=lambda point: point.loss)
    was_near_end = False
    while used < tries and abs(best.step - other.step) * reach >= 1e-9:
        low, high = sorted([best.step, other.step])
        middle = cubic_minimum(best, other, low, high)
        margin = 0.1 * (high - low)
        is_near_end = min(high - middle, middle - low) < margin
        if is_near_end and (was_near_end or middle >= high or middle <= low):
            is_near_high = abs(middle - high) < abs(middle - low)
            middle = high - margin if is_near_high else low + margin
            is_near_end = False
        was_near_end = is_near_end
        point = evaluate(middle)
        used += 1
        too_high = point.loss > start.loss + 1e-4 * point.step * start.slope
        if too_high or point.loss >= best.loss:
            best, other = sorted([best, point], key=lambda point: point.loss)
            continue
        if abs(point.slope) <= -0.9 * start.slope:
            return point
        other = best if point.slope * (other.step - best.step) >= 0 else other
        best = point
    return best


@torch_api("torch.optim.LBFGS", "torch.optim.lbfgs.LBFGS")
class LBFGS:
    """Limited-memory BFGS over the parameters of a module.

    `step` calls a closure that computes the loss and the gradients, `(loss, grads)`, as often as
    it needs, and returns the first loss.
    """

    def __init__(
        self,
        params: nnx.Module,
        lr=1,
        max_iter=20,
        max_eval=None,
        tolerance_grad=1e-7,
        tolerance_change=1e-9,
        history_size=100,
        line_search_fn=None,
    ):
        self.model = params
        self.lr = lr
        self.max_iter = max_iter
        self.max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        self.tolerance_grad = tolerance_grad
        self.tolerance_change = tolerance_change
        self.history_size = history_size
        self.searches = line_search_fn is not None
        self.iterations = 0
        self.history: list[tuple[Array, Array]] = []
        self.scale = 1.0

    def step(self, closure: Callable[[], tuple[Array, nnx.State]]) -> Array:
        """Moves the parameters by up to `max_iter` iterations."""
        start, self.unravel = ravel_pytree(nnx.state(self.model, nnx.Param))
        first, grads = closure()
        loss, gradient, evaluations = float(first), ravel_pytree(grads)[0], 1

        def evaluate(length: float) -> LinePoint:
            nonlocal evaluations
            evaluations += 1
            nnx.update(self.model, self.unravel(start + length * direction))
            value, grads = closure()
            flat = ravel_pytree(grads)[0]
            return LinePoint(length, float(value), flat, float(flat @ direction))

        for iteration in range(1, self.max_iter + 1):
            if jnp.max(jnp.abs(gradient)) <= self.tolerance_grad:
                break
            direction = self.direction(gradient)
            length = self.lr
            if self.iterations == 1:
                length = min(1.0, 1 / float(jnp.sum(jnp.abs(gradient)))) * self.lr
            self.last = (length * direction, gradient)
            slope = float(gradient @ direction)
            if slope > -self.tolerance_change:
                break
            before = LinePoint(0.0, loss, gradient, slope)
            reach = float(jnp.max(jnp.abs(direction)))
            if self.searches:
                tries = self.max_eval - evaluations
                point = strong_wolfe(evaluate, before, length, reach, tries)
            elif iteration < self.max_iter:
                point = evaluate(length)
            else:
                point = before._replace(step=length)
            length, loss, gradient = point.step, point.loss, point.gradient
            self.last = (length * direction, before.gradient)
            start = start + length * direction
            nnx.update(self.model, self.unravel(start))
            gained = abs(loss - before.loss)
            if gained < self.tolerance_change or length * reach <= self.tolerance_change:
                break
            if evaluations >= self.max_eval:
                break
        return first

    def direction(self, gradient: Array) -> Array:
        """Minus the approximate inverse Hessian times the gradient, by the two-loop recursion."""
        self.iterations += 1
        if self.iterations > 1:
            moved, before = self.last
            change = gradient - before
            if change @ moved > 1e-10:
                self.history = [*self.history, (moved, change)][-self.history_size :]
                self.scale = (change @ moved) / (change @ change)
        result = -gradient
        shares = []
        for moved, change in reversed(self.history):
            shares.append((moved @ result) / (change @ moved))
            result = result - shares[-1] * change
        result = result * self.scale
        for moved, change in self.history:
            result = result + (shares.pop() - (change @ result) / (change @ moved)) * moved
        return result
