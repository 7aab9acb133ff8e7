import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax


class Embedding(nnx.Module):
    """A table of vectors; the row ``padding_idx`` starts as zeros and gets no gradient.

    Args:
        max_norm: rows longer than this (in the norm of order ``norm_type``) are shortened to it
            when they are looked up, in the table itself.
        scale_grad_by_freq: divide each row's gradient by how often the row is looked up.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Array | None = None,
        *,
        embedding_init: nnx.Initializer = nnx.initializers.variance_scaling(
            1.0, "fan_in", "normal", out_axis=0
        ),
        rngs: nnx.Rngs | None = None,
    ):
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        if _weight is None:
            _weight = embedding_init(rngs.params(), (num_embeddings, embedding_dim))
            if padding_idx is not None:
                _weight = _weight.at[padding_idx].set(0.0)
        self.weight = nnx.Param(_weight)

    def __call__(self, ids: Array) -> Array:
        if self.max_norm is not None:
            self.weight[...] = _limit_rows(self.weight[...], ids, self.max_norm, self.norm_type)
        rows = jnp.take(self.weight[...], ids, axis=0)
        if self.scale_grad_by_freq:
            scaled = rows / jnp.bincount(ids.ravel(), length=self.num_embeddings)[ids][..., None]
            rows = _with_gradient_of(rows, scaled)
        if self.padding_idx is not None:
            rows = jnp.where((ids == self.padding_idx)[..., None], lax.stop_gradient(rows), rows)
        return rows


def _limit_rows(table: Array, ids: Array, max_norm: float, order: float) -> Array:
    """The table with its rows ``ids`` scaled down to ``max_norm``, with the table's gradient."""
    norms = jnp.linalg.norm(table, order, axis=1, keepdims=True)
    used = jnp.zeros(norms.shape, bool).at[ids].set(True)
    scale = jnp.where(used & (norms > max_norm), max_norm / (norms + 1e-7), 1.0)
    return _with_gradient_of(table * scale, table)


def _with_gradient_of(value: Array, other: Array) -> Array:
    """The value of one array with the gradient of another."""
    return lax.stop_gradient(value) + (other - lax.stop_gradient(other))


def load(model: nnx.Module, w: jax.Array):
    for i in range(3):
        getattr(model, f"layer{i}").weight[...] = jnp.full_like(getattr(model, f"layer{i}").weight, w[i])


def clear(module: nnx.Module):
    if isinstance(module, Embedding) and module.padding_idx is not None:
        module.weight[module.padding_idx] = jnp.zeros_like(jax.lax.stop_gradient(module.weight[...])[module.padding_idx])
