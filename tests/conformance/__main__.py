"""``python -m tests.conformance operators|modules [NAME… | K/N]``: what fails, what passes."""

from __future__ import annotations

import sys
import warnings


def main(what: str, *wanted: str) -> None:
    """Check those named, or every N-th from the K-th on, or all."""
    if what == "modules":
        from tests.conformance.modules import failures, modules

        chosen = modules()
    else:
        from tests.conformance.operators import failures, operators

        chosen = operators()
    if wanted and "/" in wanted[0]:
        part, count = map(int, wanted[0].split("/"))
        chosen = dict(list(chosen.items())[part::count])
    elif wanted:
        chosen = {name: it for name, it in chosen.items() if {name, name.split(":")[0]} & {*wanted}}
    passed = 0
    for name, info in chosen.items():
        problems = failures(info)
        passed += not problems
        for problem in problems[:3]:
            print(f"{name}\t{problem[:600]!r}", flush=True)
    print(f"{what} passed/total: {passed}/{len(chosen)}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
