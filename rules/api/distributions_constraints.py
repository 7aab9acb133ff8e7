"""torch.distributions.constraints: what PyTorch checks parameters against; nothing does here."""

from typing import Any

from tojax.rules.api import torch_api

TORCH_VALUES: dict[str, Any] = {
    "torch.distributions.constraints.boolean": None,
    "torch.distributions.constraints.corr_cholesky": None,
    "torch.distributions.constraints.dependent": None,
    "torch.distributions.constraints.lower_cholesky": None,
    "torch.distributions.constraints.lower_triangular": None,
    "torch.distributions.constraints.nonnegative": None,
    "torch.distributions.constraints.nonnegative_integer": None,
    "torch.distributions.constraints.one_hot": None,
    "torch.distributions.constraints.positive": None,
    "torch.distributions.constraints.positive_definite": None,
    "torch.distributions.constraints.positive_integer": None,
    "torch.distributions.constraints.positive_semidefinite": None,
    "torch.distributions.constraints.real": None,
    "torch.distributions.constraints.real_vector": None,
    "torch.distributions.constraints.simplex": None,
    "torch.distributions.constraints.square": None,
    "torch.distributions.constraints.symmetric": None,
    "torch.distributions.constraints.unit_interval": None,
}


@torch_api(
    "torch.distributions.constraints.greater_than",
    "torch.distributions.constraints.greater_than_eq",
    "torch.distributions.constraints.less_than",
    "torch.distributions.constraints.interval",
    "torch.distributions.constraints.half_open_interval",
    "torch.distributions.constraints.integer_interval",
    "torch.distributions.constraints.multinomial",
    "torch.distributions.constraints.independent",
)
def constraint(*args) -> None:
    """Nothing: parameters and values are not checked."""
    return None


@torch_api("torch.distributions.Distribution.set_default_validate_args")
def set_default_validate_args(value) -> None:
    """Nothing: parameters and values are not checked."""
    return None
