"""torch.nn: embedding tables."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.nn.Embedding", state={"weight": "embedding"})
def embedding(
    num_embeddings,
    embedding_dim,
    padding_idx=None,
    max_norm=None,
    norm_type=2.0,
    scale_grad_by_freq=False,
    sparse=False,
    _weight=None,
    _freeze=False,
    device=None,
    dtype=None,
    *,
    init="flax",
    rngs: nnx.Rngs,
) -> nnx.Module:
    """A table of vectors, looked up by index."""
    dtype = jnp.float32 if dtype is None else dtype
    initializers = {} if init == "flax" else {"embedding_init": nnx.initializers.normal(1.0)}
    if padding_idx is None and max_norm is None and not scale_grad_by_freq and _weight is None:
        return nnx.Embed(
            num_embeddings, embedding_dim, param_dtype=dtype, **initializers, rngs=rngs
        )
    return Embedding(
        num_embeddings,
        embedding_dim,
        padding_idx=padding_idx,
        max_norm=max_norm,
        norm_type=norm_type,
        scale_grad_by_freq=scale_grad_by_freq,
        _weight=_weight,
        **initializers,
        rngs=rngs,
    )


@torch_api("torch.nn.Embedding.from_pretrained")
def from_pretrained(
    embeddings: Array,
    freeze=True,
    padding_idx=None,
    max_norm=None,
    norm_type=2.0,
    scale_grad_by_freq=False,
    sparse=False,
) -> nnx.Module:
    """A table of given vectors, which are not trained if ``freeze``."""
    layer = Embedding(
        *embeddings.shape,
        padding_idx=padding_idx,
        max_norm=max_norm,
        norm_type=norm_type,
        scale_grad_by_freq=scale_grad_by_freq,
        _weight=embeddings,
    )
    if freeze:
        layer.weight = nnx.Variable(embeddings)
    return layer


@torch_api("torch.nn.Embedding", embedding_init=nnx.initializers.normal(1.0))
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


def _with_gradient_of(value: Array, other: Array) -> Array:
    """The value of one array with the gradient of another."""
    return lax.stop_gradient(value) + (other - lax.stop_gradient(other))


def _limit_rows(table: Array, ids: Array, max_norm: float, order: float) -> Array:
    """The table with its rows ``ids`` scaled down to ``max_norm``, with the table's gradient."""
    norms = jnp.linalg.norm(table, order, axis=1, keepdims=True)
    used = jnp.zeros(norms.shape, bool).at[ids].set(True)
    scale = jnp.where(used & (norms > max_norm), max_norm / (norms + 1e-7), 1.0)
    return _with_gradient_of(table * scale, table)


@torch_api("torch.nn.EmbeddingBag")
class EmbeddingBag(nnx.Module):
    """Sums, means or maxima over bags of rows of a table.

    The bags are the rows of a matrix of indices, or the stretches of a vector of indices that
    start at ``offsets``. Indices equal to ``padding_idx`` do not count.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Array | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        *,
        embedding_init: nnx.Initializer = nnx.initializers.normal(1.0),
        rngs: nnx.Rngs,
    ):
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.mode = mode
        self.include_last_offset = include_last_offset
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        if _weight is None:
            _weight = embedding_init(rngs.params(), (num_embeddings, embedding_dim))
            if padding_idx is not None:
                _weight = _weight.at[padding_idx].set(0.0)
        self.weight = nnx.Param(_weight)

    def __call__(
        self, ids: Array, offsets: Array | None = None, per_sample_weights: Array | None = None
    ) -> Array:
        if offsets is None:
            bags = jnp.repeat(jnp.arange(ids.shape[0]), ids.shape[1])
            count = ids.shape[0]
        else:
            bags = jnp.searchsorted(offsets, jnp.arange(ids.shape[0]), side="right") - 1
            count = offsets.shape[0] - self.include_last_offset
        ids = ids.ravel()
        if self.max_norm is not None:
            self.weight[...] = _limit_rows(self.weight[...], ids, self.max_norm, self.norm_type)
        rows = jnp.take(self.weight[...], ids, axis=0)
        if per_sample_weights is not None:
            rows = rows * per_sample_weights.ravel()[:, None]
        if self.padding_idx is not None:
            # Bag number `count` does not exist: what goes there is dropped.
            bags = jnp.where(ids == self.padding_idx, count, bags)
        sizes = jnp.bincount(bags, length=count)[:, None]
        if self.mode == "max":
            return jnp.where(sizes == 0, 0.0, jax.ops.segment_max(rows, bags, num_segments=count))
        total = jax.ops.segment_sum(rows, bags, num_segments=count)
        return total if self.mode == "sum" else total / jnp.maximum(sizes, 1)
