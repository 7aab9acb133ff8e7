"""What an experiment translates: the PyTorch files of a folder that can be run."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from tojax.files import input_errors, read_source
from tojax.verify.directives import DirectiveError
from tojax.verify.targets import HOW_TO_ADD_INPUTS, find_targets

REFERENCES = "reference"


@dataclass(frozen=True)
class Case:
    """A PyTorch file, and the JAX version that was given for it in ``reference``, if one was."""

    name: str
    source: str
    reference: str | None = None

    @property
    def digest(self) -> str:
        """Changes with the texts."""
        texts = f"{self.source}\0{self.reference}"
        return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()


def read_cases(folder: Path) -> tuple[list[Case], dict[str, str]]:
    """The cases of a folder in order of name, and why other files of it are none.

    Raises:
        InputError: a file cannot be read or does not parse.
        OSError: the folder cannot be read.
    """
    cases, left_out = [], {}
    for path in sorted(path for path in folder.iterdir() if path.suffix == ".py"):
        source = read_source(path).text
        with input_errors(str(path)):
            ast.parse(source)
        try:
            why_not = "" if find_targets(source) else HOW_TO_ADD_INPUTS
        except DirectiveError as error:
            why_not = str(error)
        if why_not:
            left_out[path.stem] = why_not
            continue
        given = folder / REFERENCES / path.name
        reference = read_source(given).text if given.is_file() else None
        cases.append(Case(path.stem, source, reference))
    return cases, left_out


def own_cases() -> Path | None:
    """The models that this repository brings; None where only the package is installed."""
    folder = Path(__file__).parents[3] / "fixtures" / "models"
    return folder if folder.is_dir() else None
