"""torch.jit, torch.compiler, torch.fx, torch.compile: marks for compilers that JAX can do without.

JAX traces plain Python, so that what PyTorch needs in order to script or to skip code falls away.
"""

import typing
from typing import Any

from tojax.rules.api import torch_api

TORCH_VALUES: dict[str, Any] = {
    "torch.jit.Final": typing.Final,
    "torch.jit.annotations.List": typing.List,  # noqa: UP006
    "torch.jit.annotations.Optional": typing.Optional,
    "torch.jit.annotations.Dict": typing.Dict,  # noqa: UP006
    "torch.jit.annotations.Tuple": typing.Tuple,  # noqa: UP006
    "torch.jit.annotations.BroadcastingList1": typing.List,  # noqa: UP006
    "torch.jit.annotations.BroadcastingList2": typing.List,  # noqa: UP006
    "torch.jit.annotations.BroadcastingList3": typing.List,  # noqa: UP006
}


@torch_api(
    "torch.jit.ignore",
    "torch.jit.unused",
    "torch.jit.export",
    "torch.jit.interface",
    "torch.jit.script_method",
    "torch.jit.script_if_tracing",
    "torch.jit._script_if_tracing",
    "torch.jit._overload",
    "torch.jit._overload_method",
    "torch.compiler.disable",
    "torch.compiler.allow_in_graph",
    "torch._dynamo.disable",
    "torch._dynamo.allow_in_graph",
    "torch.fx.wrap",
)
def unmarked(fn=None, *args, **kwargs):
    """A function as it is."""
    return fn


@torch_api("torch.jit.script", "torch.jit.freeze", "torch.jit.optimize_for_inference")
def script(obj, *args, **kwargs):
    """The function or module itself: XLA compiles what `jax.jit` traces."""
    return obj


@torch_api("torch.jit.trace", "torch.jit.trace_module")
def trace(func, example_inputs=None, *args, **kwargs):
    """The function or module itself: XLA compiles what `jax.jit` traces."""
    return func


@torch_api("torch.compile")
def compile(
    model=None, *, fullgraph=False, dynamic=None, backend=None, mode=None, options=None,
    disable=False,
):  # fmt: skip
    """The function or module itself: XLA compiles what `jax.jit` traces."""
    return model


@torch_api("torch.jit.annotate")
def annotate(the_type, the_value):
    """The value."""
    return the_value


@torch_api(
    "torch.jit.is_scripting",
    "torch.jit.is_tracing",
    "torch._C._get_tracing_state",
    "torch.compiler.is_compiling",
    "torch.compiler.is_dynamo_compiling",
    "torch.compiler.is_exporting",
    "torch._dynamo.is_compiling",
    "torch.onnx.is_in_onnx_export",
    "torch.overrides.has_torch_function",
    "torch.overrides.has_torch_function_unary",
    "torch.overrides.has_torch_function_variadic",
)
def is_scripting(*args) -> bool:
    """Never: nothing scripts or exports JAX code with PyTorch."""
    return False


@torch_api(
    "torch.compiler.cudagraph_mark_step_begin", "torch._dynamo.reset", "torch.compiler.reset"
)
def reset() -> None:
    """Nothing to do."""
    return None


@torch_api("torch._C._log_api_usage_once")
def log_api_usage_once(event) -> None:
    """Nothing to do: PyTorch counts which parts of it are used."""
    return None


@torch_api("torch._assert")
def check(condition, message) -> None:
    """Fail with a message unless a condition on shapes or Python values holds."""
    assert condition, message


@torch_api("torch._check")
def check_condition(cond, message=None) -> None:
    """Raise an error unless a condition on shapes or Python values holds."""
    if not cond:
        raise RuntimeError("Expected cond to be True" if message is None else message())


@torch_api("torch._check_index")
def check_index(cond, message=None) -> None:
    """Raise an error about an index unless a condition on Python values holds."""
    if not cond:
        raise IndexError("Expected cond to be True" if message is None else message())


@torch_api("torch._check_value")
def check_value(cond, message=None) -> None:
    """Raise an error about a value unless a condition on Python values holds."""
    if not cond:
        raise ValueError("Expected cond to be True" if message is None else message())
