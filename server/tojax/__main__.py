"""`python -m tojax` is the `tojax` command."""

from tojax.cli import main

if __name__ == "__main__":
    main()
