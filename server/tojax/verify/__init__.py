"""Runs a PyTorch version and a JAX version of the same code and compares them, rung by rung.

Importing this package imports neither numpy, torch nor jax: only the two worker processes do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tojax.nouns import Verdict

__all__ = ["verify", "verify_project"]


def verify(
    torch_source: str,
    jax_source: str,
    *,
    inputs: Sequence[Any] | None = None,
    device: str = "auto",
) -> Verdict:
    """Run both versions of a source text and say how far the JAX version agrees.

    Args:
        torch_source: PyTorch source with ``get_inputs()`` or ``# tojax:`` directives.
        jax_source: its JAX version, with the same public names.
        inputs: positional arguments to use instead (NumPy arrays, torch tensors, plain values).
        device: ``"auto"`` (CUDA where both frameworks see a GPU), ``"cpu"`` or ``"cuda"``.

    Returns:
        The Verdict; with several targets the weakest one, and all of them in ``parts``.
    """
    from tojax.verify.single import verify_sources

    return verify_sources(torch_source, jax_source, inputs=inputs, device=device)


def verify_project(
    torch_root: Path,
    jax_root: Path,
    files: Sequence[str],
    *,
    device: str = "auto",
    on_verdict: Callable[[str, Verdict], None] | None = None,
) -> dict[str, list[Verdict]]:
    """Verify every target of some files of a project, imported from its root folder.

    Args:
        torch_root: the PyTorch project.
        jax_root: its JAX version, with the same layout.
        files: relative POSIX paths of the Python files to look for targets in.
        device: as for `verify`.
        on_verdict: called with the relative path and each verdict as soon as it is known.

    Returns:
        One list of verdicts per file, empty where the file has no target.
    """
    from tojax.verify.project import verify_files

    return verify_files(torch_root, jax_root, files, device=device, on_verdict=on_verdict)
