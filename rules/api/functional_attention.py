"""torch.nn.functional: attention."""

import contextlib

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_dropout import dropout


@torch_api("torch.nn.attention.sdpa_kernel")
def sdpa_kernel(backends, set_priority=False):
    """Nothing to choose: XLA takes the kernel itself."""
    return contextlib.nullcontext()


@torch_api("torch.backends.cuda.sdp_kernel")
def sdp_kernel(enable_flash=True, enable_math=True, enable_mem_efficient=True, enable_cudnn=True):
    """Nothing to choose: XLA takes the kernel itself."""
    return contextlib.nullcontext()


@torch_api("torch.nn.functional.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Array,
    key: Array,
    value: Array,
    attn_mask=None,
    dropout_p=0.0,
    is_causal=False,
    scale=None,
    enable_gqa=False,
    *,
    rngs: nnx.Rngs,
) -> Array:
    """Attention of query (..., L, E) over key (..., S, E) and value (..., S, EV).

    `attn_mask` (..., L, S) is True where attention is allowed, or is added to the scores. A query
    that may attend to nothing gets zeros. With `enable_gqa`, key and value have fewer heads.
    """
    if enable_gqa:
        key = jnp.repeat(key, query.shape[-3] // key.shape[-3], axis=-3)
        value = jnp.repeat(value, query.shape[-3] // value.shape[-3], axis=-3)
    weights = attention_weights(query, key, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    if dropout_p == 0:
        return weights @ value
    return dropout(weights, dropout_p, rngs=rngs) @ value


def attention_weights(query, key, attn_mask=None, is_causal=False, scale=None):
    """Softmax of scaled scores, zero where `attn_mask` is False; a mask of numbers is added."""
    scores = query @ key.mT * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        scores = jnp.where(jnp.tri(*scores.shape[-2:], dtype=bool), scores, -jnp.inf)
    if attn_mask is not None:
        if attn_mask.dtype == bool:
            scores = jnp.where(attn_mask, scores, -jnp.inf)
        else:
            scores = scores + attn_mask
    return jax.nn.softmax(scores, axis=-1, where=scores != -jnp.inf)


def additive_mask(mask, dtype):
    """A mask that is True where attention is forbidden, as numbers to add to the scores."""
    return jnp.where(mask, -jnp.inf, 0).astype(dtype) if mask.dtype == bool else mask


@torch_api("torch.nn.functional.multi_head_attention_forward")
def multi_head_attention_forward(
    query: Array,
    key: Array,
    value: Array,
    embed_dim_to_check,
    num_heads,
    in_proj_weight,
    in_proj_bias,
    bias_k,
    bias_v,
    add_zero_attn,
    dropout_p,
    out_proj_weight: Array,
    out_proj_bias,
    training=True,
    key_padding_mask=None,
    need_weights=True,
    attn_mask=None,
    use_separate_proj_weight=False,
    q_proj_weight=None,
    k_proj_weight=None,
    v_proj_weight=None,
    static_k=None,
    static_v=None,
    average_attn_weights=True,
    is_causal=False,
    *,
    rngs: nnx.Rngs,
) -> tuple[Array, Array | None]:
    """Multi-head attention, sequence first: query (L, N, E) or (L, E), key and value (S, N, *).

    `attn_mask` (L, S) or (N * heads, L, S) and `key_padding_mask` (N, S) are True where attention
    is forbidden, or are added to the scores. Returns the outputs like `query`, and the weights
    (N, L, S), or (N, heads, L, S) without `average_attn_weights`, or None.
    """
    if query.ndim == 2:
        y, weights = multi_head_attention_forward(
            query[:, None],
            key[:, None],
            value[:, None],
            embed_dim_to_check,
            num_heads,
            in_proj_weight,
            in_proj_bias,
            bias_k,
            bias_v,
            add_zero_attn,
            dropout_p,
            out_proj_weight,
            out_proj_bias,
            training=training,
            key_padding_mask=None if key_padding_mask is None else key_padding_mask[None],
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=use_separate_proj_weight,
            q_proj_weight=q_proj_weight,
            k_proj_weight=k_proj_weight,
            v_proj_weight=v_proj_weight,
            static_k=static_k,
            static_v=static_v,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
            rngs=rngs,
        )
        return y[:, 0], None if weights is None else weights[0]

    length, batch, width = query.shape
    if use_separate_proj_weight:
        projections = q_proj_weight, k_proj_weight, v_proj_weight
    else:
        projections = jnp.split(in_proj_weight, 3)
    biases = (0, 0, 0) if in_proj_bias is None else jnp.split(in_proj_bias, 3)
    query, key, value = (
        x @ weight.T + bias
        for x, weight, bias in zip((query, key, value), projections, biases, strict=True)
    )

    def append(x, row):
        """One more position in the sequence."""
        return jnp.concatenate([x, jnp.broadcast_to(row, (1, *x.shape[1:]))])

    def heads(x):
        """(L, N, E) as (N, heads, L, E / heads)."""
        return x.reshape(x.shape[0], batch, num_heads, -1).transpose(1, 2, 0, 3)

    if bias_k is not None:
        key, value = append(key, bias_k), append(value, bias_v)
    query = heads(query)
    key = (
        heads(key) if static_k is None else static_k.reshape(batch, num_heads, -1, query.shape[-1])
    )
    value = (
        heads(value)
        if static_v is None
        else static_v.reshape(batch, num_heads, -1, query.shape[-1])
    )
    if add_zero_attn:
        zero = jnp.zeros((batch, num_heads, 1, query.shape[-1]), key.dtype)
        key, value = jnp.concatenate([key, zero], axis=2), jnp.concatenate([value, zero], axis=2)

    scores = query * query.shape[-1] ** -0.5 @ key.mT
    if attn_mask is not None:
        mask = additive_mask(attn_mask, scores.dtype)
        mask = mask if mask.ndim == 2 else mask.reshape(-1, num_heads, *mask.shape[1:])
        extra = scores.shape[-1] - mask.shape[-1]
        scores = scores + jnp.pad(mask, [(0, 0)] * (mask.ndim - 1) + [(0, extra)])
    if key_padding_mask is not None:
        mask = additive_mask(key_padding_mask, scores.dtype)
        mask = jnp.pad(mask, [(0, 0), (0, scores.shape[-1] - mask.shape[-1])])
        scores = scores + mask[:, None, None]
    weights = dropout(jax.nn.softmax(scores, axis=-1), dropout_p, training, rngs=rngs)

    y = (weights @ value).transpose(2, 0, 1, 3).reshape(length, batch, width)
    y = y @ out_proj_weight.T
    y = y if out_proj_bias is None else y + out_proj_bias
    if not need_weights:
        return y, None
    return y, jnp.mean(weights, axis=1) if average_attn_weights else weights
