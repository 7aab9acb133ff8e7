"""One definition of a translated file."""

from __future__ import annotations

import pytest

from tojax.translate import translate

SOURCE = "import torch\n\n\ndef f(x):\n    return torch.sum(x)\n\n\ndef g(x):\n    return x.exp()\n"


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order mark"])
def test_a_definition_comes_with_what_it_needs(mark: str) -> None:
    code = translate(mark + SOURCE, select="f").code
    assert code.startswith(f"{mark}import jax.numpy as jnp\n")
    assert "def f(" in code and "def g(" not in code
