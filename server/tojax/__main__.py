"""The ``tojax`` command, also as `python -m tojax`."""

import sys
import warnings


def main() -> None:
    """Do what the arguments say."""
    warnings.simplefilter("ignore")  # what Python remarks about the user's source is not for here
    if sys.argv[1:] == ["serve"]:
        # An editor waits for the first answer, and this leaves nothing to parse: what parses the
        # arguments takes a fifth of the start.
        from tojax.lsp.transport import serve_stdio

        serve_stdio()
    else:
        from tojax.cli import main as command_line

        command_line()


if __name__ == "__main__":
    main()
