"""The command line: each verb is a module here that parses arguments, calls the verb and prints.

What is wrong with the input goes to standard error, one line each: ``file:line:column: message``.
"""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

# In the order of the help page: what people type, and the module whose ``app`` it is.
VERBS = {
    "check": "tojax.cli.check",
    "translate": "tojax.cli.translate",
    "verify": "tojax.cli.verify",
    "migrate": "tojax.cli.migrate",
    "explain": "tojax.cli.explain",
    "doctor": "tojax.cli.doctor",
    "serve": "tojax.cli.serve",
    "rules": "tojax.cli.rules",
    "bench": "tojax.bench.cli",
}
ALIASES = {"lsp": "serve"}


class _Verbs(TyperGroup):
    """Imports a verb when it is asked for, so that the other ones cost nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        name = ALIASES.get(cmd_name, cmd_name)
        if name in VERBS and name not in self.commands:
            self.commands[name] = typer.main.get_command(importlib.import_module(VERBS[name]).app)
        return self.commands.get(name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None:
            for name in VERBS:  # to say which one may be meant
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Verbs,
    help="Moves PyTorch code to JAX, and proves that it did.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """The ``tojax`` command."""
    app(prog_name="tojax")


def _print_version(wanted: bool) -> None:
    if wanted:
        import tojax

        print(f"tojax {tojax.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None: ...
