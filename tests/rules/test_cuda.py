"""Devices and process-wide settings of PyTorch on a machine where JAX runs."""

from __future__ import annotations

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import pytest
import torch
from rules.api import cuda


def test_devices_are_jaxs() -> None:
    assert cuda.is_available() == (jax.devices()[0].platform == "gpu")
    assert cuda.device_count() == len(jax.devices())
    assert cuda.device("cuda") == cuda.device("cpu", 0) == jax.devices()[0]
    assert isinstance(cuda.get_device_name(), str)
    assert cuda.device_type(jax.devices("cpu")[0]) == torch.device("cpu").type
    gpu = SimpleNamespace(platform="gpu")
    assert cuda.device_type(gpu) == torch.device("cuda").type


def test_default_dtype() -> None:
    assert cuda.set_default_dtype(jnp.float32) is None
    with pytest.raises(NotImplementedError):
        cuda.set_default_dtype(jnp.float16)
