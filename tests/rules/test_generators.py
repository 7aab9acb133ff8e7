"""torch.Generator: the same seed gives the same numbers, wherever the generator is used."""

import jax
import jax.numpy as jnp
import torch
from flax import nnx
from rules.api.generators import generator, manual_seed


def jax_draws(rngs):
    return [float(jax.random.uniform(rngs())) for _ in range(2)]


def torch_draws(generator):
    return [float(torch.rand((), generator=generator)) for _ in range(2)]


def test_seeding_alike_gives_the_same_numbers():
    for draws, made in (
        (torch_draws, lambda: torch.Generator()),
        (jax_draws, generator),
    ):
        first = draws(made())
        assert draws(made()) == first
        assert first[0] != first[1]


def test_seeding_again_begins_anew_for_everybody():
    for draws, stream, seed, fresh in (
        (
            torch_draws,
            torch.Generator(),
            torch.Generator.manual_seed,
            torch.Generator().manual_seed(3),
        ),
        (jax_draws, generator(), manual_seed, nnx.Rngs(3)),
    ):
        shared = stream
        before = draws(stream)
        assert seed(stream, 3) is stream
        after = draws(shared)
        assert after != before
        assert after == draws(fresh)


def test_under_jit():
    @nnx.jit
    def draw(rngs, seed):
        manual_seed(rngs, seed)
        return jax.random.normal(rngs(), 3)

    assert jnp.array_equal(draw(generator(), 1), jax.random.normal(nnx.Rngs(1)(), 3))
