"""Distributions to compare with PyTorch's: their parameters, and values of their support."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rules.api
import torch

from tests.rules.compare import to_jax
from tests.rules.functional import normal, uniform

_MODULES = [
    importlib.import_module(f"rules.api.{path.stem}")
    for path in sorted(Path(rules.api.__path__[0]).glob("distributions*.py"))
]


def rule(name: str) -> Any:
    """The class or function that a rule module has under this name."""
    return next(vars(module)[name] for module in _MODULES if name in vars(module))


@dataclass(frozen=True)
class Case:
    """Parameters of one distribution, and values to compare the density at."""

    name: str
    parameters: dict[str, Any]
    value: Any

    def torch(self, **changed: Any) -> torch.distributions.Distribution:
        """PyTorch's distribution."""
        kind = getattr(torch.distributions, self.name)
        return kind(**{**self.parameters, **changed}, validate_args=False)

    def jax(self, **changed: Any) -> Any:
        """The rule's distribution."""
        return rule(self.name)(**to_jax({**self.parameters, **changed}))

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


def positive(*shape: int, seed: int = 0) -> torch.Tensor:
    """Numbers between 0.5 and 3."""
    return 0.5 + 2.5 * uniform(*shape, seed=seed)


LOC, SCALE = normal(2, 3), positive(3)
VALUE = normal(5, 2, 3, seed=1)
POSITIVE = positive(5, 2, 3, seed=2)
UNIT = uniform(5, 2, 3, seed=3)
BITS = (UNIT > 0.5).float()
COUNTS = torch.arange(30.0).reshape(5, 2, 3) % 7
PROBS = 0.1 + 0.8 * uniform(2, 3, seed=4)
LOGITS = normal(2, 3, seed=5)
WEIGHTS = positive(2, 4, seed=6)
CHOICES = torch.arange(10).reshape(5, 2) % 4
ONE_HOT = torch.nn.functional.one_hot(CHOICES, 4).float()
FACTOR = torch.eye(3) + 0.5 * normal(2, 3, 3, seed=7).tril(-1)
SIMPLEX = torch.softmax(normal(5, 2, 4, seed=8), -1)
TALLY = torch.tensor([[[1.0, 0, 2, 3], [6, 0, 0, 0]], [[2, 2, 1, 1], [0, 1, 5, 0]]])

CASES = [
    Case("Normal", {"loc": LOC, "scale": SCALE}, VALUE),
    Case("Normal", {"loc": 0, "scale": 2}, VALUE),
    Case("LogNormal", {"loc": LOC, "scale": SCALE}, POSITIVE),
    Case("HalfNormal", {"scale": SCALE}, POSITIVE),
    Case("Uniform", {"low": -LOC.abs(), "high": SCALE}, UNIT - 0.5),
    Case("Uniform", {"low": 0.0, "high": 1.0}, VALUE),
    Case("Laplace", {"loc": LOC, "scale": SCALE}, VALUE),
    Case("Cauchy", {"loc": LOC, "scale": SCALE}, VALUE),
    Case("HalfCauchy", {"scale": SCALE}, POSITIVE),
    Case("Gumbel", {"loc": LOC, "scale": SCALE}, VALUE),
    Case("Gamma", {"concentration": positive(2, 3), "rate": SCALE}, POSITIVE),
    Case("Chi2", {"df": 2 * SCALE}, POSITIVE),
    Case("InverseGamma", {"concentration": positive(2, 3), "rate": SCALE}, POSITIVE),
    Case("Beta", {"concentration1": positive(2, 3), "concentration0": SCALE}, UNIT),
    Case("Dirichlet", {"concentration": WEIGHTS}, SIMPLEX),
    Case("Dirichlet", {"concentration": torch.tensor([0.5, 0.25, 0.75, 0.1])}, SIMPLEX),
    Case("Exponential", {"rate": SCALE}, POSITIVE),
    Case("Pareto", {"scale": SCALE, "alpha": positive(2, 3)}, SCALE + POSITIVE),
    Case("Weibull", {"scale": SCALE, "concentration": positive(2, 3)}, POSITIVE),
    Case("StudentT", {"df": positive(2, 3), "loc": 0.5, "scale": SCALE}, VALUE),
    Case("StudentT", {"df": torch.tensor([0.5, 1.5, 4.0])}, VALUE),
    Case("FisherSnedecor", {"df1": SCALE, "df2": 3 * positive(2, 3)}, POSITIVE),
    Case("Bernoulli", {"probs": PROBS}, BITS),
    Case("Bernoulli", {"logits": LOGITS}, BITS),
    Case("Bernoulli", {"probs": torch.tensor([0.0, 0.5, 1.0])}, torch.tensor([0.0, 1.0, 1.0])),
    Case("Geometric", {"probs": PROBS}, COUNTS),
    Case("Geometric", {"logits": LOGITS}, COUNTS),
    Case("Binomial", {"total_count": 6, "probs": PROBS}, COUNTS),
    Case("Binomial", {"total_count": torch.tensor([6.0, 7, 8]), "logits": LOGITS}, COUNTS),
    Case("NegativeBinomial", {"total_count": 6.0, "probs": PROBS}, COUNTS),
    Case("NegativeBinomial", {"total_count": positive(2, 3), "logits": LOGITS}, COUNTS),
    Case("Poisson", {"rate": positive(2, 3)}, COUNTS),
    Case("Categorical", {"probs": WEIGHTS}, CHOICES),
    Case("Categorical", {"logits": WEIGHTS.log() - 3}, CHOICES),
    Case("Categorical", {"probs": torch.tensor([0.0, 1.0, 1.0, 2.0])}, CHOICES),
    Case("OneHotCategorical", {"probs": WEIGHTS}, ONE_HOT),
    Case("OneHotCategorical", {"logits": -WEIGHTS}, ONE_HOT),
    Case("OneHotCategoricalStraightThrough", {"logits": -WEIGHTS}, ONE_HOT),
    Case("Multinomial", {"total_count": 6, "probs": WEIGHTS}, TALLY),
    Case("Multinomial", {"total_count": 6, "logits": -WEIGHTS}, TALLY),
    Case("RelaxedBernoulli", {"temperature": torch.tensor(0.7), "probs": PROBS}, UNIT),
    Case("RelaxedBernoulli", {"temperature": torch.tensor(0.7), "logits": LOGITS}, UNIT),
    Case("RelaxedOneHotCategorical", {"temperature": torch.tensor(0.7), "probs": WEIGHTS}, SIMPLEX),
    Case(
        "RelaxedOneHotCategorical", {"temperature": torch.tensor(2.0), "logits": -WEIGHTS}, SIMPLEX
    ),
    Case("MultivariateNormal", {"loc": LOC, "scale_tril": FACTOR}, VALUE),
    Case("MultivariateNormal", {"loc": LOC, "covariance_matrix": FACTOR @ FACTOR.mT}, VALUE),
    Case("MultivariateNormal", {"loc": LOC[0], "precision_matrix": FACTOR @ FACTOR.mT}, VALUE),
    Case(
        "LowRankMultivariateNormal",
        {"loc": LOC, "cov_factor": normal(2, 3, 2, seed=9), "cov_diag": SCALE},
        VALUE,
    ),
    Case("VonMises", {"loc": LOC, "concentration": SCALE}, VALUE),
]


def leaves(case: Case) -> dict[str, torch.Tensor]:
    """The parameters that are tensors."""
    return {k: v for k, v in case.parameters.items() if isinstance(v, torch.Tensor)}
