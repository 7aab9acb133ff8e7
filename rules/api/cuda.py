"""torch.cuda, torch.backends and process-wide settings: JAX places and tunes by itself."""

import os

import jax
import jax.numpy as jnp

from tojax.rules.api import torch_api, torch_property


@torch_api("torch.cuda.is_available")
def is_available() -> bool:
    """Whether JAX computes on a GPU."""
    return jax.default_backend() == "gpu"


@torch_api("torch.cuda.device_count")
def device_count() -> int:
    """The number of devices that JAX computes on."""
    return jax.device_count()


@torch_api(
    "torch.backends.mps.is_available", "torch.backends.mps.is_built", "torch.xpu.is_available"
)
def is_other_backend_available() -> bool:
    """Apple's and Intel's GPUs are not used."""
    return False


@torch_api("torch.cuda.is_bf16_supported")
def is_bf16_supported(including_emulation=True) -> bool:
    """XLA computes in bfloat16 on every backend."""
    return True


@torch_api("torch.cuda.get_device_name")
def get_device_name(device=None) -> str:
    """The kind of the device, such as a GPU's model."""
    return jax.devices()[0].device_kind


@torch_api("torch.cuda.current_device")
def current_device() -> int:
    """The number of the device in use."""
    return 0


@torch_api("torch.device")
def device(type=None, index=None) -> jax.Device:
    """The default device: JAX has already chosen the best backend."""
    if index is None:
        return jax.devices()[0]
    return jax.devices()[index]


@torch_property("torch.device.type")
def device_type(self: jax.Device) -> str:
    """PyTorch's name of the platform."""
    return self.platform.replace("gpu", "cuda")


@torch_api(
    "torch.cuda.synchronize",
    "torch.cuda.empty_cache",
    "torch.cuda.ipc_collect",
    "torch.cuda.reset_peak_memory_stats",
    "torch.cuda.reset_max_memory_allocated",
    "torch.mps.empty_cache",
    "torch.mps.synchronize",
)
def no_memory_management(device=None) -> None:
    """Nothing: XLA manages the device's memory and order of execution."""
    return None


@torch_api("torch.cuda.set_device")
def set_device(device) -> None:
    """Nothing: the device is chosen for the whole process."""
    return None


@torch_api(
    "torch.cuda.manual_seed",
    "torch.cuda.manual_seed_all",
    "torch.mps.manual_seed",
)
def manual_seed(seed) -> None:
    """Nothing: all random numbers come from explicit keys."""
    return None


@torch_api(
    "torch.set_float32_matmul_precision",
    "torch.set_num_threads",
    "torch.set_num_interop_threads",
    "torch.set_flush_denormal",
    "torch.backends.cuda.enable_flash_sdp",
    "torch.backends.cuda.enable_mem_efficient_sdp",
    "torch.backends.cuda.enable_math_sdp",
)
def no_setting(value) -> None:
    """Nothing: a tuning knob of PyTorch's own kernels."""
    return None


@torch_api("torch.use_deterministic_algorithms")
def use_deterministic_algorithms(mode, *, warn_only=False) -> None:
    """Nothing: XLA's results repeat on the same device."""
    return None


@torch_api("torch.get_num_threads")
def get_num_threads() -> int:
    """The number of cores, all of which XLA uses."""
    return os.cpu_count() or 1


@torch_api("torch.set_default_dtype")
def set_default_dtype(d) -> None:
    """Only float32, which is the default."""
    if d == jnp.float32:
        return None
    raise NotImplementedError("another default dtype: set jax_enable_x64 or pass dtype")
