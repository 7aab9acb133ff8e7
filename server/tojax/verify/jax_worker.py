"""The JAX worker: ``python -m tojax.verify.jax_worker``, in tojax's own interpreter."""

from __future__ import annotations

import os


def main() -> None:
    """Load JAX and Flax once, but start no backend, which no fork would survive; then serve."""
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    single = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {single}".strip()
    from tojax.verify.jax_startup import use_cheap_initialisers
    from tojax.verify.replay_jax import install

    use_cheap_initialisers()
    install()
    from tojax.verify.forkserver import serve
    from tojax.verify.jax_job import run_job

    serve(run_job)


if __name__ == "__main__":
    main()
