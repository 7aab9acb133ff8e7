"""What verbs find in the user's folder and in the installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tojax import console

if TYPE_CHECKING:
    from tojax.translate.context import Init

OWN_BUGS = Path(".tojax/bugs")


def own_bugs() -> Path | None:
    """The user's own bug files, if there are any."""
    return OWN_BUGS if OWN_BUGS.is_dir() else None


def initialisation(given: Init | None, folder: Path) -> Init:
    """The flag, or what pyproject.toml says."""
    from tojax.pyproject import PyprojectError
    from tojax.pyproject import initialisation as configured

    try:
        return given or configured(folder)
    except PyprojectError as error:
        console.fail(str(error))


def lack_of_frameworks() -> str | None:
    """What verification needs and is not installed, with how to install it."""
    from tojax.workspace.verification import missing_frameworks

    if missing := missing_frameworks():
        needed = "verification needs: pip install 'tojax[verify]'"
        return f"{', '.join(missing)} not installed; {needed}"
    return None


def need_frameworks() -> None:
    """End with status 2 where nothing can be verified."""
    if lack := lack_of_frameworks():
        console.fail(lack)
