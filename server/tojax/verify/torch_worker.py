"""The PyTorch worker: ``python -m tojax.verify.torch_worker``, in the user's interpreter."""

from __future__ import annotations

import importlib
import os


def main() -> None:
    """Load PyTorch once, then serve jobs."""
    os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", TORCHDYNAMO_DISABLE="1")

    from tojax.verify.forkserver import serve
    from tojax.verify.torch_job import run_job

    importlib.import_module("torch._dynamo")  # dispatch modes load it: here once, not in every job
    serve(run_job)


if __name__ == "__main__":
    main()
