"""torch.utils.data: samplers, which give the order of a dataset's examples."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import jax
import jax.numpy as jnp
from flax import nnx

from tojax.rules.api import torch_api


@torch_api("torch.utils.data.Sampler")
class Sampler:
    """Indices in some order: a subclass defines `__iter__`."""

    def __init__(self, data_source=None):
        self.data_source = data_source


@torch_api("torch.utils.data.SequentialSampler")
class SequentialSampler(Sampler):
    """The indices of a dataset in order."""

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


@torch_api("torch.utils.data.RandomSampler")
class RandomSampler(Sampler):
    """The indices of a dataset in random order, or drawn with replacement."""

    def __init__(
        self,
        data_source,
        replacement: bool = False,
        num_samples: int | None = None,
        generator=None,
        *,
        rngs: nnx.Rngs,
    ):
        super().__init__(data_source)
        self.replacement = replacement
        self.num_samples = len(data_source) if num_samples is None else num_samples
        self.rngs = rngs

    def __iter__(self) -> Iterator[int]:
        size = len(self.data_source)
        if self.replacement:
            yield from jax.random.randint(self.rngs(), (self.num_samples,), 0, size).tolist()
            return
        for left in range(self.num_samples, 0, -size):
            yield from jax.random.permutation(self.rngs(), size).tolist()[:left]

    def __len__(self) -> int:
        return self.num_samples


@torch_api("torch.utils.data.SubsetRandomSampler")
class SubsetRandomSampler(Sampler):
    """The given indices in random order."""

    def __init__(self, indices: Sequence[int], generator=None, *, rngs: nnx.Rngs):
        super().__init__()
        self.indices = indices
        self.rngs = rngs

    def __iter__(self) -> Iterator[int]:
        order = jax.random.permutation(self.rngs(), len(self.indices)).tolist()
        return (self.indices[i] for i in order)

    def __len__(self) -> int:
        return len(self.indices)


@torch_api("torch.utils.data.WeightedRandomSampler")
class WeightedRandomSampler(Sampler):
    """Indices drawn with the given probabilities, which need not add up to 1."""

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator=None,
        *,
        rngs: nnx.Rngs,
    ):
        super().__init__()
        self.weights = jnp.asarray(weights)
        self.num_samples = num_samples
        self.replacement = replacement
        self.rngs = rngs

    def __iter__(self) -> Iterator[int]:
        indices = jax.random.choice(
            self.rngs(),
            self.weights.size,
            (self.num_samples,),
            replace=self.replacement,
            p=self.weights / self.weights.sum(),
        )
        return iter(indices.tolist())

    def __len__(self) -> int:
        return self.num_samples


@torch_api("torch.utils.data.BatchSampler")
class BatchSampler(Sampler):
    """Lists of `batch_size` indices of another sampler."""

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool):
        super().__init__()
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        rest = 0 if self.drop_last else self.batch_size - 1
        return (len(self.sampler) + rest) // self.batch_size
