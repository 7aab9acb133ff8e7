"""torch.cuda, torch.accelerator: what devices report, and settings that XLA does not need."""

import jax

from tojax.rules.api import torch_api, torch_property


@torch_api("torch.cuda.memory_allocated", "torch.accelerator.memory_allocated")
def memory_allocated(device=None) -> int:
    """Bytes in use on the first device, where it tells."""
    return _memory("bytes_in_use")


@torch_api("torch.cuda.max_memory_allocated", "torch.accelerator.max_memory_allocated")
def max_memory_allocated(device=None) -> int:
    """The largest number of bytes that were in use on the first device, where it tells."""
    return _memory("peak_bytes_in_use")


@torch_api("torch.cuda.memory_reserved", "torch.cuda.memory_cached")
def memory_reserved(device=None) -> int:
    """Bytes that the first device's allocator holds, where it tells."""
    return _memory("pool_bytes")


@torch_api("torch.cuda.max_memory_reserved", "torch.cuda.max_memory_cached")
def max_memory_reserved(device=None) -> int:
    """The largest number of bytes that the first device's allocator held, where it tells."""
    return _memory("peak_pool_bytes")


@torch_api("torch.cuda.mem_get_info")
def mem_get_info(device=None) -> tuple[int, int]:
    """Free and all bytes that the first device may use, where it tells."""
    return _memory("bytes_limit") - _memory("bytes_in_use"), _memory("bytes_limit")


def _memory(entry: str) -> int:
    """An entry of the memory statistics, which CPUs have none of."""
    return (jax.devices()[0].memory_stats() or {}).get(entry, 0)


@torch_api("torch.cuda.is_initialized")
def is_initialized() -> bool:
    """Whether JAX computes on a GPU."""
    return jax.default_backend() == "gpu"


@torch_api("torch.accelerator.is_available")
def is_available() -> bool:
    """Whether JAX computes on anything but the CPU."""
    return jax.default_backend() != "cpu"


@torch_api("torch.accelerator.device_count")
def device_count() -> int:
    """The number of devices that JAX computes on."""
    return jax.device_count()


@torch_api("torch.accelerator.current_accelerator", "torch.get_default_device")
def current_accelerator(check_available=False) -> jax.Device:
    """The default device."""
    return jax.devices()[0]


@torch_api(
    "torch.cuda.init",
    "torch.cuda.reset_accumulated_memory_stats",
    "torch.cuda.reset_max_memory_cached",
    "torch.accelerator.synchronize",
    "torch.accelerator.empty_cache",
    "torch.accelerator.reset_peak_memory_stats",
)
def no_upkeep(device=None) -> None:
    """Nothing: XLA manages devices, their memory and the order of execution."""
    return None


@torch_api(
    "torch.set_default_device",
    "torch.set_warn_always",
    "torch.cuda.set_per_process_memory_fraction",
    "torch.cuda.set_sync_debug_mode",
    "torch.autograd.set_multithreading_enabled",
)
def no_device_setting(value, device=None) -> None:
    """Nothing: JAX chooses devices and reserves memory when it starts."""
    return None


@torch_api("torch.are_deterministic_algorithms_enabled")
def are_deterministic_algorithms_enabled() -> bool:
    """XLA's results repeat on the same device."""
    return True


@torch_api("torch.distributed.is_available", "torch.distributed.is_initialized")
def is_distributed() -> bool:
    """Processes are not coordinated by PyTorch."""
    return False


@torch_api("torch.distributed.get_rank")
def get_rank(group=None) -> int:
    """The number of this process."""
    return jax.process_index()


@torch_api("torch.distributed.get_world_size")
def get_world_size(group=None) -> int:
    """The number of processes."""
    return jax.process_count()


@torch_property("torch.Tensor.is_cuda")
def is_cuda(input) -> bool:
    """Whether JAX computes on a GPU."""
    return jax.default_backend() == "gpu"


@torch_api("torch.Tensor.get_device", "torch.get_device")
def get_device(input) -> int:
    """The number of the GPU that JAX computes on by default; -1 without one."""
    return 0 if jax.default_backend() == "gpu" else -1


@torch_property("torch.Tensor.is_cpu")
def is_cpu(input) -> bool:
    """Whether JAX computes on the CPU."""
    return jax.default_backend() == "cpu"


@torch_property(
    "torch.Tensor.is_meta",
    "torch.Tensor.is_mps",
    "torch.Tensor.is_nested",
    "torch.Tensor.is_quantized",
    "torch.Tensor.is_sparse",
    "torch.Tensor.is_sparse_csr",
    "torch.Tensor.is_xla",
    "torch.Tensor.is_xpu",
)
def is_special(input) -> bool:
    """Arrays are dense and on JAX's devices."""
    return False
