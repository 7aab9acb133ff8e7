"""torch.distributions: what all distributions can do, with explicit keys where they draw."""

from flax import nnx
from jax import Array

from tojax.rules.api import torch_api, torch_property

from .distributions import Distribution


@torch_api(
    "torch.distributions.Distribution.sample",
    "torch.distributions.Bernoulli.sample",
    "torch.distributions.Beta.sample",
    "torch.distributions.Binomial.sample",
    "torch.distributions.Categorical.sample",
    "torch.distributions.Cauchy.sample",
    "torch.distributions.Chi2.sample",
    "torch.distributions.Dirichlet.sample",
    "torch.distributions.Exponential.sample",
    "torch.distributions.FisherSnedecor.sample",
    "torch.distributions.Gamma.sample",
    "torch.distributions.Geometric.sample",
    "torch.distributions.Gumbel.sample",
    "torch.distributions.HalfCauchy.sample",
    "torch.distributions.HalfNormal.sample",
    "torch.distributions.Independent.sample",
    "torch.distributions.InverseGamma.sample",
    "torch.distributions.Laplace.sample",
    "torch.distributions.LogNormal.sample",
    "torch.distributions.LowRankMultivariateNormal.sample",
    "torch.distributions.MixtureSameFamily.sample",
    "torch.distributions.Multinomial.sample",
    "torch.distributions.MultivariateNormal.sample",
    "torch.distributions.NegativeBinomial.sample",
    "torch.distributions.Normal.sample",
    "torch.distributions.OneHotCategorical.sample",
    "torch.distributions.OneHotCategoricalStraightThrough.sample",
    "torch.distributions.Pareto.sample",
    "torch.distributions.Poisson.sample",
    "torch.distributions.RelaxedBernoulli.sample",
    "torch.distributions.RelaxedOneHotCategorical.sample",
    "torch.distributions.StudentT.sample",
    "torch.distributions.TransformedDistribution.sample",
    "torch.distributions.Uniform.sample",
    "torch.distributions.VonMises.sample",
    "torch.distributions.Weibull.sample",
)
def sample(self: Distribution, *sample_shapes, sample_shape=None, rngs: nnx.Rngs) -> Array:
    """Samples without gradient."""
    if sample_shape is not None:
        return self.sample(sample_shape, rngs=rngs)
    return self.sample(*sample_shapes, rngs=rngs)


@torch_api(
    "torch.distributions.Distribution.rsample",
    "torch.distributions.Beta.rsample",
    "torch.distributions.Cauchy.rsample",
    "torch.distributions.Chi2.rsample",
    "torch.distributions.Dirichlet.rsample",
    "torch.distributions.Exponential.rsample",
    "torch.distributions.FisherSnedecor.rsample",
    "torch.distributions.Gamma.rsample",
    "torch.distributions.Gumbel.rsample",
    "torch.distributions.HalfCauchy.rsample",
    "torch.distributions.HalfNormal.rsample",
    "torch.distributions.Independent.rsample",
    "torch.distributions.InverseGamma.rsample",
    "torch.distributions.Laplace.rsample",
    "torch.distributions.LogNormal.rsample",
    "torch.distributions.LowRankMultivariateNormal.rsample",
    "torch.distributions.MultivariateNormal.rsample",
    "torch.distributions.Normal.rsample",
    "torch.distributions.OneHotCategoricalStraightThrough.rsample",
    "torch.distributions.Pareto.rsample",
    "torch.distributions.RelaxedBernoulli.rsample",
    "torch.distributions.RelaxedOneHotCategorical.rsample",
    "torch.distributions.StudentT.rsample",
    "torch.distributions.TransformedDistribution.rsample",
    "torch.distributions.Uniform.rsample",
    "torch.distributions.Weibull.rsample",
)
def rsample(self: Distribution, *sample_shapes, sample_shape=None, rngs: nnx.Rngs) -> Array:
    """Samples that depend differentiably on the parameters."""
    if sample_shape is not None:
        return self.rsample(sample_shape, rngs=rngs)
    return self.rsample(*sample_shapes, rngs=rngs)


@torch_api("torch.distributions.Distribution.sample_n")
def sample_n(self: Distribution, n, *, rngs: nnx.Rngs) -> Array:
    """A number of samples without gradient."""
    return self.sample((n,), rngs=rngs)


@torch_api("torch.distributions.Distribution.log_prob")
def log_prob(self: Distribution, value: Array) -> Array:
    """The logarithm of the density or probability at ``value``."""
    return self.log_prob(value)


@torch_api("torch.distributions.Distribution.cdf")
def cdf(self: Distribution, value: Array) -> Array:
    """The probability of no more than ``value``."""
    return self.cdf(value)


@torch_api("torch.distributions.Distribution.icdf")
def icdf(self: Distribution, value: Array) -> Array:
    """The inverse of the cumulative distribution function."""
    return self.icdf(value)


@torch_api("torch.distributions.Distribution.entropy")
def entropy(self: Distribution) -> Array:
    """The entropy."""
    return self.entropy()


@torch_api("torch.distributions.Distribution.perplexity")
def perplexity(self: Distribution) -> Array:
    """The exponential of the entropy."""
    return self.perplexity()


@torch_property("torch.distributions.Distribution.mean")
def mean(self: Distribution) -> Array:
    """The expected value."""
    return self.mean


@torch_property("torch.distributions.Distribution.mode")
def mode(self: Distribution) -> Array:
    """The most probable value."""
    return self.mode


@torch_property("torch.distributions.Distribution.variance")
def variance(self: Distribution) -> Array:
    """The square of the standard deviation."""
    return self.variance


@torch_property("torch.distributions.Distribution.stddev")
def stddev(self: Distribution) -> Array:
    """The standard deviation."""
    return self.stddev


@torch_property("torch.distributions.Distribution.loc")
def loc(self: Distribution) -> Array:
    """The location."""
    return self.loc


@torch_property("torch.distributions.Distribution.scale")
def scale(self: Distribution) -> Array:
    """The scale."""
    return self.scale


@torch_property("torch.distributions.Distribution.probs")
def probs(self: Distribution) -> Array:
    """The probabilities."""
    return self.probs


@torch_property("torch.distributions.Distribution.logits")
def logits(self: Distribution) -> Array:
    """The logarithms of the odds or of the probabilities."""
    return self.logits


@torch_property("torch.distributions.Distribution.batch_shape")
def batch_shape(self: Distribution) -> tuple[int, ...]:
    """The shape of the parameters."""
    return self.batch_shape


@torch_property("torch.distributions.Distribution.event_shape")
def event_shape(self: Distribution) -> tuple[int, ...]:
    """The shape of one sample of one distribution."""
    return self.event_shape
