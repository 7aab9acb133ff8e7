"""What the server can do, one module each; each has a ``register`` that wires it."""

from __future__ import annotations

from tojax.lsp.features import (
    code_actions,
    code_lens,
    commands,
    diagnostics,
    hover,
    ir,
    migrate,
    model,
    progress,
    synchronisation,
    verify,
)

FEATURES = (
    synchronisation.register,
    diagnostics.register,
    hover.register,
    code_actions.register,
    code_lens.register,
    commands.register,
    verify.register,
    migrate.register,
    model.register,
    ir.register,
    progress.register,
)
