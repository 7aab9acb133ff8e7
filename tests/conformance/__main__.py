"""``python -m tests.conformance [NAME…]``: what fails, and how many operators pass."""

from __future__ import annotations

import sys
import warnings


def main() -> None:
    """Check the named operators, or those whose position modulo n is k for ``k/n``."""
    from tests.conformance.operators import failures, label, operators

    chosen = operators()
    if sys.argv[1:] and "/" in sys.argv[1]:
        part, count = map(int, sys.argv[1].split("/"))
        chosen = dict(list(chosen.items())[part::count])
    elif sys.argv[1:]:
        chosen = {name: op for name, op in chosen.items() if op.name in sys.argv[1:] or name in sys.argv[1:]}
    passed = 0
    for op in chosen.values():
        try:
            problems = failures(op)
        except Exception as error:
            problems = [f"crash: {type(error).__name__}: {error}"]
        passed += not problems
        for problem in problems[:3]:
            print(f"{label(op)}\t{problem[:400]!r}", flush=True)
    print(f"{passed}/{len(chosen)} operators passed")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
