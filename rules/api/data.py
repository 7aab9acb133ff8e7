"""torch.utils.data: datasets, and the loader that makes batches of their examples."""

import bisect
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from tojax.rules.api import torch_api

from .data_sampler import BatchSampler, RandomSampler


@torch_api("torch.utils.data.Dataset", "torch.utils.data.dataset.Dataset")
class Dataset:
    """Examples by index: a subclass defines `__getitem__` and `__len__`."""

    def __getitem__(self, index):
        raise NotImplementedError

    def __add__(self, other):
        return ConcatDataset([self, other])


@torch_api("torch.utils.data.IterableDataset")
class IterableDataset(Dataset):
    """Examples in sequence: a subclass defines `__iter__`."""

    def __iter__(self):
        raise NotImplementedError


@torch_api("torch.utils.data.TensorDataset")
class TensorDataset(Dataset):
    """The rows of several arrays of equal length."""

    def __init__(self, *tensors):
        if any(tensor.shape[0] != tensors[0].shape[0] for tensor in tensors):
            raise ValueError("the arrays differ in length")
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)

    def __getitems__(self, indices: Sequence[int]) -> list[tuple]:
        if type(self) is not TensorDataset:  # a subclass may change __getitem__
            return [self[index] for index in indices]
        rows = [np.asarray(tensor)[np.asarray(indices)] for tensor in self.tensors]
        return list(zip(*rows, strict=True))

    def __len__(self) -> int:
        return self.tensors[0].shape[0]


@torch_api("torch.utils.data.ConcatDataset")
class ConcatDataset(Dataset):
    """The examples of several datasets, one after the other."""

    def __init__(self, datasets: Iterable):
        self.datasets = list(datasets)
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))

    def __getitem__(self, index):
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        which = bisect.bisect_right(self.cumulative_sizes, index)
        start = self.cumulative_sizes[which - 1] if which > 0 else 0
        return self.datasets[which][index - start]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


@torch_api("torch.utils.data.Subset")
class Subset(Dataset):
    """The examples of a dataset at the given indices."""

    def __init__(self, dataset, indices: Sequence[int]):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index):
        return self.dataset[self.indices[index]]

    def __getitems__(self, indices: Sequence[int]) -> list:
        return fetch(self.dataset, [self.indices[index] for index in indices])

    def __len__(self) -> int:
        return len(self.indices)


@torch_api("torch.utils.data.random_split")
def random_split(dataset, lengths, generator=None, *, rngs: nnx.Rngs) -> list:
    """Splits a dataset at random into parts of the given lengths, or fractions that add up to 1."""
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = [math.floor(len(dataset) * fraction) for fraction in lengths]
        for i in range(len(dataset) - sum(lengths)):
            lengths[i % len(lengths)] += 1
    if sum(lengths) != len(dataset):
        raise ValueError("the lengths do not add up to the length of the dataset")
    indices = jax.random.permutation(rngs(), len(dataset)).tolist()
    ends = list(itertools.accumulate(lengths))
    return [
        Subset(dataset, indices[end - length : end])
        for end, length in zip(ends, lengths, strict=True)
    ]


def fetch(dataset, indices: Sequence[int]) -> list:
    """The examples at the indices, all at once where the dataset can."""
    if hasattr(dataset, "__getitems__"):
        return dataset.__getitems__(indices)
    return [dataset[index] for index in indices]


@torch_api("torch.utils.data.default_collate", "torch.utils.data.dataloader.default_collate")
def default_collate(batch):
    """Stacks examples into one batch: arrays and numbers stack, containers are kept.

    Args:
        batch: list of examples of one structure: arrays, numbers, strings, dicts, tuples, lists.
    """
    first = batch[0]
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, dict):
        return {key: default_collate([example[key] for example in batch]) for key in first}
    if isinstance(first, (tuple, list)):
        columns = [default_collate(column) for column in zip(*batch, strict=True)]
        return type(first)(*columns) if hasattr(first, "_fields") else columns
    return jnp.asarray(np.stack([np.asarray(example) for example in batch]))


@torch_api("torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader")
class DataLoader:
    """Iterates over a dataset in batches.

    Args:
        dataset: examples by index, or an iterable of them.
        batch_size: examples in a batch; None gives single examples.
        shuffle: whether to draw a new order, from `rngs`, for each pass.
        sampler: the indices in order, instead of `shuffle`.
        batch_sampler: lists of indices, instead of all of the above.
        collate_fn: makes a batch of a list of examples.
        drop_last: whether to leave out a last batch that is not full.
    """

    def __init__(
        self,
        dataset,
        batch_size: int | None = 1,
        shuffle: bool | None = False,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        collate_fn: Callable | None = None,
        drop_last: bool = False,
        *,
        rngs: nnx.Rngs | None = None,
    ):
        self.dataset = dataset
        self.drop_last = drop_last
        self.is_iterable = isinstance(dataset, IterableDataset)
        if sampler is None and not self.is_iterable:
            sampler = RandomSampler(dataset, rngs=rngs) if shuffle else range(len(dataset))
        self.sampler = sampler
        if batch_sampler is None and batch_size is not None and not self.is_iterable:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_sampler = batch_sampler
        self.batch_size = batch_size
        is_batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if is_batched else _as_arrays)

    def __iter__(self) -> Iterator:
        if self.batch_sampler is not None:
            for indices in self.batch_sampler:
                yield self.collate_fn(fetch(self.dataset, indices))
            return
        if not self.is_iterable:
            examples = (self.dataset[index] for index in self.sampler)
        else:
            examples = iter(self.dataset)
        if self.batch_size is None:
            yield from map(self.collate_fn, examples)
            return
        while batch := list(itertools.islice(examples, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield self.collate_fn(batch)

    def __len__(self) -> int:
        if self.batch_sampler is not None:
            return len(self.batch_sampler)
        if not self.is_iterable:
            return len(self.sampler)
        size = len(self.dataset) / (self.batch_size or 1)
        return math.floor(size) if self.drop_last else math.ceil(size)


def _as_arrays(example):
    """A single example with its NumPy arrays as JAX arrays."""
    if isinstance(example, dict):
        return {key: _as_arrays(value) for key, value in example.items()}
    if isinstance(example, (tuple, list)):
        items = [_as_arrays(item) for item in example]
        return type(example)(*items) if hasattr(example, "_fields") else items
    return jnp.asarray(example) if isinstance(example, (np.ndarray, np.generic)) else example


@torch_api("torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader")
def data_loader(
    dataset,
    batch_size=1,
    shuffle=False,
    sampler=None,
    batch_sampler=None,
    num_workers=0,
    collate_fn=None,
    pin_memory=False,
    drop_last=False,
    timeout=0,
    worker_init_fn=None,
    multiprocessing_context=None,
    generator=None,
    *,
    prefetch_factor=None,
    persistent_workers=False,
    pin_memory_device="",
    in_order=True,
    rngs: nnx.Rngs,
) -> DataLoader:
    """A loader in this process; only a shuffling one needs `rngs`."""
    return DataLoader(
        dataset,
        batch_size=batch_size,
        shuffle=shuffle,
        sampler=sampler,
        batch_sampler=batch_sampler,
        collate_fn=collate_fn,
        drop_last=drop_last,
        rngs=rngs if shuffle else None,
    )


@torch_api("torch.utils.data.get_worker_info")
def get_worker_info() -> None:
    """None: there are no worker processes."""
    return None
