"""Compiles JAX code: ``python -m tojax.lsp.tasks.ir_worker``, one forked child per job."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Load JAX and Flax once, but start no backend, which no fork would survive; then serve."""
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    from tojax.verify.jax_startup import use_cheap_initialisers
    from tojax.verify.replay_jax import install

    use_cheap_initialisers()
    install()
    from tojax.verify.forkserver import serve

    serve(run_job)


def run_job(folder: Path, device: str) -> None:
    """Entry point in the forked child: writes ``outcome`` with the text or the cost."""
    import jax

    from tojax.verify.exchange import load, save
    from tojax.verify.explain import explain

    configure: Any = jax.config.update
    if device == "cpu":
        configure("jax_platforms", "cpu")
    loaded = load(folder, "job")
    if loaded is None:
        raise FileNotFoundError("job")
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        outcome = _looked_at(folder, *loaded)
    except BaseException as error:
        outcome = {"error": explain(error)}
    save(folder, "outcome", outcome)


def _looked_at(folder: Path, data: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    import jax
    from flax import nnx

    from tojax.verify.jax_problem import JaxProblem
    from tojax.verify.loading import load_module

    module = load_module(Path(data["root"]), data["file"], folder / "work")
    problem = JaxProblem(module, data, arrays, False)
    problem.build()
    modes = [case["mode"] for case in data["cases"]]
    prepared = problem.prepare(modes.index("eval") if "eval" in modes else 0)
    structure, state = nnx.split((prepared.modules, prepared.rngs))

    def call(state: Any, arrays: Any) -> Any:
        modules, rngs = nnx.merge(structure, state)
        found = prepared.call(modules, arrays, rngs)
        return {path: value for path, value in found.items() if isinstance(value, jax.Array)}

    if data["form"] == "jaxpr":
        return {"text": str(jax.make_jaxpr(call)(state, prepared.arrays))}
    lowered = jax.jit(call).lower(state, prepared.arrays)
    if data["form"] == "stablehlo":
        return {"text": lowered.as_text()}
    compiled = lowered.compile()
    if data["form"] == "hlo":
        return {"text": compiled.as_text() or ""}
    cost: Any = compiled.cost_analysis() or {}
    if isinstance(cost, list):
        cost = cost[0] if cost else {}
    return {"flops": cost.get("flops"), "bytes": cost.get("bytes accessed")}


if __name__ == "__main__":
    main()
