"""Write `rules/torch_names.json`: the public names of PyTorch.

The analysis tells by them what is a tensor's method without importing PyTorch, and `tojax rules
coverage` counts them. Run with the pinned version; a test fails when the file is out of date.
"""

from __future__ import annotations

import importlib
import json
import types
from pathlib import Path
from typing import Any

import torch
import torch.overrides

CLASSES = {
    "torch.Tensor": torch.Tensor,
    "torch.nn.Module": torch.nn.Module,
    "torch.optim.Optimizer": torch.optim.Optimizer,
    "torch.distributions.Distribution": torch.distributions.Distribution,
}
# The namespaces that have a page in the Python API of https://docs.pytorch.org/docs/stable, less
# those that need a package beside PyTorch.
PUBLIC = """
    torch torch.accelerator torch.amp torch.ao.nn.intrinsic torch.ao.nn.qat torch.ao.nn.quantized
    torch.ao.quantization torch.autograd torch.autograd.forward_ad torch.autograd.functional
    torch.autograd.graph torch.autograd.profiler torch.backends.cuda torch.backends.cudnn
    torch.backends.mkl torch.backends.mkldnn torch.backends.mps torch.backends.openmp
    torch.compiler torch.cpu torch.cuda torch.cuda.amp torch.cuda.comm
    torch.cuda.memory torch.cuda.nvtx torch.cuda.tunable torch.distributed
    torch.distributed.algorithms.join torch.distributed.checkpoint torch.distributed.device_mesh
    torch.distributed.fsdp torch.distributed.nn torch.distributed.optim
    torch.distributed.pipelining torch.distributed.rpc torch.distributed.tensor
    torch.distributed.tensor.parallel torch.distributions torch.distributions.constraints
    torch.distributions.kl torch.distributions.transforms torch.export torch.fft torch.func
    torch.futures torch.fx torch.hub torch.jit torch.library torch.linalg torch.masked
    torch.monitor torch.mps torch.mtia torch.multiprocessing torch.nested torch.nn
    torch.nn.attention torch.nn.attention.bias torch.nn.attention.flex_attention
    torch.nn.functional torch.nn.init torch.nn.parallel torch.nn.utils
    torch.nn.utils.parametrizations torch.nn.utils.parametrize torch.nn.utils.prune
    torch.nn.utils.rnn torch.nn.utils.stateless torch.onnx torch.optim torch.optim.lr_scheduler
    torch.optim.swa_utils torch.overrides torch.package torch.profiler torch.quantization
    torch.random torch.return_types torch.serialization torch.signal.windows torch.sparse
    torch.special torch.storage torch.testing torch.types torch.utils torch.utils.benchmark
    torch.utils.checkpoint torch.utils.cpp_extension torch.utils.data torch.utils.dlpack
    torch.utils.flop_counter torch.utils.hooks torch.utils.mobile_optimizer
    torch.utils.module_tracker torch.utils.weak torch.version torch.xpu
"""


def table() -> dict[str, list[str]]:
    """Qualified name of a namespace or class → its public names.

    Those of a namespace are its ``__all__``, else what PyTorch defines in it, and in either case
    the functions that `torch.overrides` lists. A module's instance attributes are among its names.
    """
    overridable = {
        getattr(owner, "__name__", ""): functions
        for owner, functions in torch.overrides.get_overridable_functions().items()
    }
    found = {}
    for name in PUBLIC.split():
        module = importlib.import_module(name)
        names = {*getattr(module, "__all__", _defined(module))}
        names |= {function.__name__ for function in overridable.get(name, ())}
        found[name] = sorted(n for n in names if _is_public(module, n))
    for name, owner in CLASSES.items():
        found[name] = sorted(n for n in dir(owner) if not n.startswith("_"))
    found["torch.nn.Module"].append("training")
    return found


def _defined(module: Any) -> set[str]:
    """Names that a module without ``__all__`` does not merely import from elsewhere."""
    if type(module) is not types.ModuleType:  # settings such as torch.backends.cudnn.benchmark
        return ({*vars(type(module))} | _defined(module.m)) - {type(module).__name__}
    own = (module.__name__, "torch._C")
    return {
        name
        for name, value in vars(module).items()
        if str(getattr(value, "__module__", "")).startswith(own)
    }


def _is_public(module: Any, name: str) -> bool:
    is_module = isinstance(getattr(module, name, None), types.ModuleType)
    return not name.startswith("_") and hasattr(module, name) and not is_module


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "rules" / "torch_names.json"
    target.write_text(json.dumps(table(), indent=0) + "\n", encoding="utf-8")
