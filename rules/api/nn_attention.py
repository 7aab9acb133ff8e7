"""torch.nn: multi-head attention."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .nn_initial import uniform_weight
from .nn_linear import Linear


@torch_api("torch.nn.MultiheadAttention", out_kernel_init=uniform_weight)
class MultiheadAttention(nnx.Module):
    """Scaled dot-product attention in several heads.

    Calls take (length, batch, feature) arrays, (batch, length, feature) with ``batch_first``, or
    (length, feature). In boolean masks True means: not attended to; others are added to the scores.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.glorot_uniform(in_axis=1, out_axis=0),
        out_kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        rngs: nnx.Rngs,
    ):
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.dropout = dropout
        self.add_zero_attn = add_zero_attn
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.batch_first = batch_first
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = nnx.Param(kernel_init(rngs.params(), (3 * embed_dim, embed_dim)))
        else:
            self.in_proj_weight = None
            self.q_proj_weight = nnx.Param(kernel_init(rngs.params(), (embed_dim, embed_dim)))
            self.k_proj_weight = nnx.Param(kernel_init(rngs.params(), (embed_dim, self.kdim)))
            self.v_proj_weight = nnx.Param(kernel_init(rngs.params(), (embed_dim, self.vdim)))
        self.in_proj_bias = nnx.Param(jnp.zeros(3 * embed_dim)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, kernel_init=out_kernel_init, rngs=rngs)
        if add_bias_kv:
            init = nnx.initializers.glorot_normal(in_axis=1, out_axis=0)
            self.bias_k = nnx.Param(init(rngs.params(), (1, 1, embed_dim)))
            self.bias_v = nnx.Param(init(rngs.params(), (1, 1, embed_dim)))
        else:
            self.bias_k = self.bias_v = None
        self.attention_dropout = nnx.Dropout(dropout, rngs=rngs)

    def __call__(
        self,
        query: Array,
        key: Array,
        value: Array,
        key_padding_mask: Array | None = None,
        need_weights: bool = True,
        attn_mask: Array | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Array, Array | None]:
        """The attended values, and the weights of attention if they are needed."""
        batched = query.ndim == 3
        if not batched:
            query, key, value = query[None], key[None], value[None]
            key_padding_mask = None if key_padding_mask is None else key_padding_mask[None]
        elif not self.batch_first:
            query, key, value = (jnp.swapaxes(x, 0, 1) for x in (query, key, value))
        q, k, v = self._project(query, key, value)
        scores = jnp.einsum("nqhd,nkhd->nhqk", q * self.head_dim**-0.5, k)
        if attn_mask is not None:
            if attn_mask.ndim == 3:
                attn_mask = attn_mask.reshape(-1, self.num_heads, *attn_mask.shape[1:])
            scores = scores + _score_offsets(attn_mask, scores)
        if key_padding_mask is not None:
            scores = scores + _score_offsets(key_padding_mask[:, None, None, :], scores)
        weights = self.attention_dropout(_softmax(scores, nan_if_all_masked=need_weights))
        output = jnp.einsum("nhqk,nkhd->nqhd", weights, v)
        output = self.out_proj(output.reshape(query.shape))
        if not need_weights:
            weights = None
        elif average_attn_weights:
            weights = weights.mean(axis=1)
        if not batched:
            return output[0], None if weights is None else weights[0]
        return output if self.batch_first else jnp.swapaxes(output, 0, 1), weights

    def _project(self, query: Array, key: Array, value: Array) -> tuple[Array, Array, Array]:
        """Queries, keys and values of shape (batch, length, head, feature)."""
        if self.in_proj_weight is not None:
            matrices = jnp.split(self.in_proj_weight[...], 3)
        else:
            matrices = [
                w[...] for w in (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
            ]
        q, k, v = (x @ w.T for x, w in zip((query, key, value), matrices, strict=True))
        if self.in_proj_bias is not None:
            b_q, b_k, b_v = jnp.split(self.in_proj_bias[...], 3)
            q, k, v = q + b_q, k + b_k, v + b_v
        if self.bias_k is not None:
            row = (len(k), 1, self.embed_dim)
            k = jnp.concatenate([k, jnp.broadcast_to(self.bias_k[...], row)], axis=1)
            v = jnp.concatenate([v, jnp.broadcast_to(self.bias_v[...], row)], axis=1)
        if self.add_zero_attn:
            k, v = (jnp.pad(x, [(0, 0), (0, 1), (0, 0)]) for x in (k, v))
        return tuple(x.reshape(*x.shape[:2], self.num_heads, self.head_dim) for x in (q, k, v))


def _softmax(scores: Array, nan_if_all_masked: bool) -> Array:
    """Softmax over keys; a query that may attend to no key gets zeros or NaN."""
    if nan_if_all_masked:
        return jax.nn.softmax(scores)
    masked = jnp.all(jnp.isneginf(scores), axis=-1, keepdims=True)
    return jnp.where(masked, 0.0, jax.nn.softmax(jnp.where(masked, 0.0, scores)))


def _score_offsets(mask: Array, scores: Array) -> Array:
    """What a mask adds to the scores; keys beyond its end are not masked."""
    if mask.dtype == bool:
        mask = jnp.where(mask, -jnp.inf, 0.0)
    extra = scores.shape[-1] - mask.shape[-1]
    return jnp.pad(mask, [(0, 0)] * (mask.ndim - 1) + [(0, extra)]).astype(scores.dtype)
