"""What is to be translated, with all that is known of it before a model is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from tojax.nouns import Translation
from tojax.rules.bugs import Bug, load_bugs
from tojax.source import Construct, analyse


@dataclass(frozen=True)
class Task:
    """One PyTorch file.

    Args:
        source: its text.
        translation: what the rules made of it.
        bugs: the fixed bugs that may be told to the model; by default the library.
    """

    source: str
    translation: Translation
    bugs: tuple[Bug, ...] = field(default_factory=load_bugs)

    @cached_property
    def constructs(self) -> list[Construct]:
        """Where the source uses PyTorch."""
        return analyse(self.source).constructs

    @cached_property
    def torch_names(self) -> tuple[str, ...]:
        """The PyTorch names that the source uses, those that the rules left open first."""
        open_names = [item.name for item in self.translation.unresolved]
        used = [construct.name for construct in self.constructs if construct.kind != "import"]
        return tuple(dict.fromkeys(name for name in (*open_names, *used) if name))
