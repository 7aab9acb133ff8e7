"""Datasets, samplers and loaders give PyTorch's batches in the same order."""

from __future__ import annotations

import collections

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
import torch.utils.data as theirs
from flax import nnx
from rules.api import data as ours
from rules.api import data_sampler

from tests.rules.compare import assert_same, to_jax

Point = collections.namedtuple("Point", "x y")


def rows(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.arange(count * 3.0).reshape(count, 3), torch.arange(count)


def items(module) -> object:
    """A dataset of dictionaries, made for either side."""

    class Items(module.Dataset):
        def __len__(self):
            return 7

        def __getitem__(self, index):
            image = np.full((2, 2), index, np.float32)
            return {"image": image, "pair": (index, index / 2), "name": f"n{index}", "ok": True}

    return Items()


def stream(module) -> object:
    class Stream(module.IterableDataset):
        def __iter__(self):
            yield from (np.float32(i) for i in range(7))

    return Stream()


def assert_batches(actual, expected) -> None:
    actual, expected = list(actual), list(expected)
    assert len(actual) == len(expected) > 0
    for one, other in zip(actual, expected, strict=True):
        assert_batch(one, other)


def assert_batch(actual, expected) -> None:
    if isinstance(expected, dict):
        assert list(actual) == list(expected)
        for key in expected:
            assert_batch(actual[key], expected[key])
    elif isinstance(expected, (list, tuple)):
        assert type(actual) is type(expected)
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_batch(one, other)
    elif isinstance(expected, torch.Tensor):
        assert isinstance(actual, jax.Array)
        assert_same(actual, expected)
    else:
        assert actual == expected


@pytest.mark.parametrize("batch_size", [1, 3, 7, 10, None])
@pytest.mark.parametrize("drop_last", [False, True])
def test_tensor_dataset(batch_size: int | None, drop_last: bool) -> None:
    if batch_size is None and drop_last:
        return
    tensors = rows(21)
    options = {"batch_size": batch_size, "drop_last": drop_last}
    expected = theirs.DataLoader(theirs.TensorDataset(*tensors), **options)
    dataset = ours.TensorDataset(*to_jax(tensors))
    actual = ours.DataLoader(dataset, **options)
    assert len(actual) == len(expected)
    assert_batches(actual, expected)
    assert_batches(actual, expected)
    assert len(dataset) == 21
    assert_batch(dataset[4], theirs.TensorDataset(*tensors)[4])


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_dictionaries_numbers_and_strings(batch_size: int) -> None:
    expected = theirs.DataLoader(items(theirs), batch_size=batch_size)
    assert_batches(ours.DataLoader(items(ours), batch_size=batch_size), expected)


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("batch_size", [1, 3, None])
def test_iterable_dataset(batch_size: int | None, drop_last: bool) -> None:
    if batch_size is None and drop_last:
        return
    options = {"batch_size": batch_size, "drop_last": drop_last}
    actual = list(ours.DataLoader(stream(ours), **options))
    expected = list(theirs.DataLoader(stream(theirs), **options))
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


@pytest.mark.parametrize(
    "batch",
    [
        [torch.ones(2), torch.zeros(2)],
        [1, 2],
        [1.5, 2.5],
        [True, False],
        ["a", "b"],
        [(torch.ones(1), 1), (torch.zeros(1), 2)],
        [[1, [2.0, "x"]], [3, [4.0, "y"]]],
        [Point(1, torch.ones(2)), Point(2, torch.ones(2))],
        [{"a": {"b": 1}}, {"a": {"b": 2}}],
    ],
)
def test_default_collate(batch) -> None:
    def converted(value):
        if isinstance(value, Point):
            return Point(*(converted(item) for item in value))
        if isinstance(value, (list, tuple)):
            return type(value)(converted(item) for item in value)
        return to_jax(value)

    assert_batch(ours.default_collate(converted(batch)), theirs.default_collate(batch))


def test_collate_fn_sampler_and_batch_sampler() -> None:
    tensors = rows(9)
    dataset, reference = ours.TensorDataset(*to_jax(tensors)), theirs.TensorDataset(*tensors)
    order = [3, 1, 4, 1, 5, 8]
    assert_batches(
        ours.DataLoader(dataset, batch_size=4, sampler=order),
        theirs.DataLoader(reference, batch_size=4, sampler=order),
    )
    batches = [[0, 1], [8], [2, 3, 4]]
    assert_batches(
        ours.DataLoader(dataset, batch_sampler=batches),
        theirs.DataLoader(reference, batch_sampler=batches),
    )
    assert_batches(
        ours.DataLoader(dataset, 2, collate_fn=lambda batch: jnp.stack([y for _, y in batch])),
        theirs.DataLoader(
            reference, 2, collate_fn=lambda batch: torch.stack([y for _, y in batch])
        ),
    )


def test_concatenation_and_subset() -> None:
    first, second = rows(4), rows(6)
    mine = [ours.TensorDataset(*to_jax(part)) for part in (first, second)]
    reference = [theirs.TensorDataset(*part) for part in (first, second)]
    whole, expected = mine[0] + mine[1], reference[0] + reference[1]
    assert len(whole) == len(expected)
    for index in (0, 3, 4, 9, -1, -10):
        assert_batch(whole[index], expected[index])
    with pytest.raises(IndexError):
        whole[10]
    subset = ours.Subset(whole, [9, 0, 4])
    assert_batches(
        ours.DataLoader(subset, batch_size=2),
        theirs.DataLoader(theirs.Subset(expected, [9, 0, 4]), batch_size=2),
    )
    nested = ours.Subset(ours.Subset(mine[1], [5, 3, 1]), [2, 0])
    assert_batch(nested[0], reference[1][1])
    assert_batches(
        ours.DataLoader(nested, batch_size=2),
        theirs.DataLoader(theirs.Subset(reference[1], [1, 5]), batch_size=2),
    )


def test_subclass_with_a_transform() -> None:
    def shifted(module, *tensors):
        class Shifted(module.TensorDataset):
            def __getitem__(self, index):
                x, y = super().__getitem__(index)
                return x + 100, y

        return Shifted(*tensors)

    tensors = rows(5)
    expected = theirs.DataLoader(shifted(theirs, *tensors), batch_size=2)
    assert_batches(ours.DataLoader(shifted(ours, *to_jax(tensors)), batch_size=2), expected)


@pytest.mark.parametrize("lengths", [[7, 3], [0.7, 0.3], [0.33, 0.33, 0.34], [10, 0]])
def test_random_split(lengths: list) -> None:
    tensors = rows(10)
    expected = theirs.random_split(theirs.TensorDataset(*tensors), lengths)
    parts = ours.random_split(ours.TensorDataset(*to_jax(tensors)), lengths, rngs=nnx.Rngs(0))
    assert [len(part) for part in parts] == [len(part) for part in expected]
    indices = [index for part in parts for index in part.indices]
    assert sorted(indices) == list(range(10))
    assert indices != list(range(10))
    with pytest.raises(ValueError, match="add up"):
        ours.random_split(list(range(10)), [3, 3], rngs=nnx.Rngs(0))


def test_shuffling_draws_a_new_order_for_each_pass() -> None:
    loader = ours.data_loader(list(range(50)), 10, shuffle=True, num_workers=2, rngs=nnx.Rngs(0))
    first, second = (np.concatenate([np.asarray(b) for b in loader]).tolist() for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    again = ours.data_loader(list(range(50)), 10, shuffle=True, rngs=nnx.Rngs(0))
    assert np.concatenate([np.asarray(b) for b in again]).tolist() == first


def test_plain_loader_takes_no_keys() -> None:
    rngs = nnx.Rngs(0)
    loader = ours.data_loader([1, 2, 3], 2, rngs=rngs)
    assert [batch.tolist() for batch in loader] == [[1, 2], [3]]
    assert int(rngs.default.count[...]) == 0


def test_samplers() -> None:
    source = list(range(5))
    assert list(data_sampler.SequentialSampler(source)) == list(theirs.SequentialSampler(source))
    for drop_last in (False, True):
        mine = data_sampler.BatchSampler(data_sampler.SequentialSampler(source), 2, drop_last)
        reference = theirs.BatchSampler(theirs.SequentialSampler(source), 2, drop_last)
        assert list(mine) == list(reference)
        assert len(mine) == len(reference)
    subset = data_sampler.SubsetRandomSampler([4, 6, 9], rngs=nnx.Rngs(0))
    assert sorted(subset) == [4, 6, 9]
    assert len(subset) == 3


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("count", [None, 3, 5, 12])
def test_random_sampler(replacement: bool, count: int | None) -> None:
    options = {"replacement": replacement, "num_samples": count}
    sampler = data_sampler.RandomSampler(range(5), **options, rngs=nnx.Rngs(1))
    expected = theirs.RandomSampler(range(5), **options)
    drawn = list(sampler)
    assert len(drawn) == len(sampler) == len(expected) == len(list(expected))
    assert set(drawn) <= set(range(5))
    if not replacement:
        counts = np.bincount(drawn, minlength=5)
        assert counts.max() - counts.min() <= 1


def test_weighted_sampler_follows_the_weights() -> None:
    sampler = data_sampler.WeightedRandomSampler([0.0, 1.0, 3.0], 4000, rngs=nnx.Rngs(0))
    counts = np.bincount(list(sampler), minlength=3)
    assert counts[0] == 0
    assert 0.7 < counts[2] / 4000 < 0.8
    few = data_sampler.WeightedRandomSampler([1.0, 1.0, 5.0], 3, False, rngs=nnx.Rngs(0))
    assert sorted(few) == [0, 1, 2]
