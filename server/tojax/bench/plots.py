"""Plots of an experiment's numbers, as SVG: the same text for the same numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Arm = Mapping[str, Any]
_WIDTH, _HEIGHT = 7.5, 3.6  # inches


def ladder(arms: Sequence[Arm], which: str, title: str) -> str:
    """pass@1 at each level of the ladder, a line for each arm."""

    def draw(axes: Axes) -> None:
        for arm in arms:
            levels = arm[which]
            axes.plot(list(levels), [each["1"] for each in levels.values()], "o-", label=name(arm))
        axes.tick_params(axis="x", rotation=30)
        _shares(axes, "pass@1")

    return _svg(draw, title)


def pass_by_k(arms: Sequence[Arm], which: str, title: str) -> str:
    """pass@k of what is verified, a line for each arm."""

    def draw(axes: Axes) -> None:
        for arm in arms:
            verified = arm[which]["verified"]
            axes.plot(list(verified), list(verified.values()), "o-", label=name(arm))
        axes.set_xlabel("k")
        _shares(axes, "pass@k")

    return _svg(draw, title)


def bars(
    arms: Sequence[Arm],
    value: Callable[[Arm], float | None],
    title: str,
    unit: str,
    interval: Callable[[Arm], Sequence[float] | None] = lambda arm: None,
) -> str:
    """A bar for each arm that has a value, with the interval of it."""
    known = [(arm, found) for arm in arms if (found := value(arm)) is not None]

    def draw(axes: Axes) -> None:
        for place, (arm, found) in enumerate(known):
            axes.barh(place, found, color=f"C{place}")
            ends = interval(arm)
            if ends is not None:
                axes.plot(ends, [place, place], color="black", marker="|")
        axes.set_yticks(range(len(known)), [name(arm) for arm, _ in known])
        axes.invert_yaxis()
        axes.set_xlabel(unit)

    return _svg(draw, title)


def name(arm: Arm) -> str:
    """An arm and its model, for people."""
    return f"{arm['arm']} ({arm['model']})"


def _shares(axes: Axes, label: str) -> None:
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel(label)
    axes.legend(fontsize="small")


def _svg(draw: Callable[[Axes], None], title: str) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": title, "svg.fonttype": "none"}):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.set_title(title)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue().partition("<!DOCTYPE")[2].partition(">")[2].strip()
