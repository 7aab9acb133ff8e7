"""``tojax explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from tojax import console

app = typer.Typer(add_completion=False)


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(metavar="TJnnn|API", help="Such as torch.sum.")],
) -> None:
    """Show a rule (`torch.sum`, `nn.Linear`) or a known pitfall (`TJ101`)."""
    from rich.console import Console
    from rich.markdown import Markdown

    from tojax.explain import explain as page_of

    try:
        page = page_of(subject)
    except LookupError as error:
        console.fail(str(error))
    terminal = Console()
    if terminal.is_terminal:
        terminal.print(Markdown(page))
    else:
        console.write(page.encode())
