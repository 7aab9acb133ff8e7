"""The arms of the experiment: what a model is told, and who writes.

``baseline`` and ``augmented`` are the two sides of T2J (Phan, Le Vu and Jannesari, "Learning Bug
Context for PyTorch-to-JAX Translation with LLMs", arXiv 2510.09898): a plain instruction, and the
same with a data set of fixed bugs as JSON. ``retrieved`` and ``auto`` are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tojax.model.prompt import OURS, Augmentation


@dataclass(frozen=True)
class Arm:
    """A way to translate.

    Args:
        name: as on the command line.
        title: for people.
        augmentation: what prompts tell beyond the source.
        completes_rules: whether the rules come first, and the model is only asked for the rest.
    """

    name: str
    title: str
    augmentation: Augmentation
    completes_rules: bool = False


ARMS: Mapping[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm("baseline", "plain instruction", Augmentation(bugs="none", rules=False)),
        Arm("augmented", "all fixed bugs as JSON (T2J)", Augmentation(bugs="json", rules=False)),
        Arm("retrieved", "the fixed bugs and rules that apply", OURS),
        Arm("auto", "rules, the model for the rest", OURS, completes_rules=True),
    )
}
