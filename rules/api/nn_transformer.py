"""torch.nn: transformer layers and stacks of them."""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .nn_attention import MultiheadAttention
from .nn_initial import uniform_weight
from .nn_linear import Linear
from .nn_norm import LayerNorm


@torch_api("torch.nn.TransformerEncoderLayer", kernel_init=uniform_weight, bias_init=uniform_weight)
class TransformerEncoderLayer(nnx.Module):
    """Self-attention and a feed-forward network."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Array], Array] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        self.self_attn = MultiheadAttention(
            d_model,
            nhead,
            dropout,
            bias,
            batch_first=batch_first,
            out_kernel_init=kernel_init,
            rngs=rngs,
        )
        initializers = {"kernel_init": kernel_init, "bias_init": bias_init}
        self.linear1 = Linear(d_model, dim_feedforward, bias, **initializers, rngs=rngs)
        self.dropout = nnx.Dropout(dropout, rngs=rngs)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **initializers, rngs=rngs)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1 = nnx.Dropout(dropout, rngs=rngs)
        self.dropout2 = nnx.Dropout(dropout, rngs=rngs)
        self.activation = _activation(activation)

    def __call__(
        self,
        src: Array,
        src_mask: Array | None = None,
        src_key_padding_mask: Array | None = None,
        is_causal: bool = False,
    ) -> Array:
        def attend(x: Array) -> Array:
            y, _ = self.self_attn(
                x,
                x,
                x,
                key_padding_mask=src_key_padding_mask,
                need_weights=False,
                attn_mask=src_mask,
            )
            return self.dropout1(y)

        x = _residual(src, attend, self.norm1, self.norm_first)
        return _residual(x, self._feed_forward, self.norm2, self.norm_first)

    def _feed_forward(self, x: Array) -> Array:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


@torch_api("torch.nn.TransformerDecoderLayer", kernel_init=uniform_weight, bias_init=uniform_weight)
class TransformerDecoderLayer(nnx.Module):
    """Self-attention, attention to the encoder's results and a feed-forward network."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Array], Array] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        options = (d_model, nhead, dropout, bias)
        attention = {"batch_first": batch_first, "out_kernel_init": kernel_init}
        self.self_attn = MultiheadAttention(*options, **attention, rngs=rngs)
        self.multihead_attn = MultiheadAttention(*options, **attention, rngs=rngs)
        initializers = {"kernel_init": kernel_init, "bias_init": bias_init}
        self.linear1 = Linear(d_model, dim_feedforward, bias, **initializers, rngs=rngs)
        self.dropout = nnx.Dropout(dropout, rngs=rngs)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **initializers, rngs=rngs)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm3 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1 = nnx.Dropout(dropout, rngs=rngs)
        self.dropout2 = nnx.Dropout(dropout, rngs=rngs)
        self.dropout3 = nnx.Dropout(dropout, rngs=rngs)
        self.activation = _activation(activation)

    def __call__(
        self,
        tgt: Array,
        memory: Array,
        tgt_mask: Array | None = None,
        memory_mask: Array | None = None,
        tgt_key_padding_mask: Array | None = None,
        memory_key_padding_mask: Array | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Array:
        def attend(x: Array) -> Array:
            y, _ = self.self_attn(
                x,
                x,
                x,
                key_padding_mask=tgt_key_padding_mask,
                need_weights=False,
                attn_mask=tgt_mask,
            )
            return self.dropout1(y)

        def attend_to_memory(x: Array) -> Array:
            y, _ = self.multihead_attn(
                x,
                memory,
                memory,
                key_padding_mask=memory_key_padding_mask,
                need_weights=False,
                attn_mask=memory_mask,
            )
            return self.dropout2(y)

        x = _residual(tgt, attend, self.norm1, self.norm_first)
        x = _residual(x, attend_to_memory, self.norm2, self.norm_first)
        return _residual(x, self._feed_forward, self.norm3, self.norm_first)

    def _feed_forward(self, x: Array) -> Array:
        return self.dropout3(self.linear2(self.dropout(self.activation(self.linear1(x)))))


@torch_api("torch.nn.TransformerEncoder")
class TransformerEncoder(nnx.Module):
    """Copies of an encoder layer, one after the other."""

    def __init__(
        self,
        encoder_layer: nnx.Module,
        num_layers: int,
        norm: nnx.Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ):
        self.layers = _copies(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def __call__(
        self,
        src: Array,
        mask: Array | None = None,
        src_key_padding_mask: Array | None = None,
        is_causal: bool | None = None,
    ) -> Array:
        for layer in self.layers:
            src = layer(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask)
        return src if self.norm is None else self.norm(src)


@torch_api("torch.nn.TransformerDecoder")
class TransformerDecoder(nnx.Module):
    """Copies of a decoder layer, one after the other."""

    def __init__(self, decoder_layer: nnx.Module, num_layers: int, norm: nnx.Module | None = None):
        self.layers = _copies(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def __call__(
        self,
        tgt: Array,
        memory: Array,
        tgt_mask: Array | None = None,
        memory_mask: Array | None = None,
        tgt_key_padding_mask: Array | None = None,
        memory_key_padding_mask: Array | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Array:
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
            )
        return tgt if self.norm is None else self.norm(tgt)


@torch_api("torch.nn.Transformer.generate_square_subsequent_mask")
def generate_square_subsequent_mask(sz, device=None, dtype=None) -> Array:
    """Minus infinity above the diagonal, zero elsewhere."""
    return jnp.triu(jnp.full((sz, sz), -jnp.inf, dtype=dtype), k=1)


@torch_api(
    "torch.nn.Transformer",
    kernel_init=nnx.initializers.glorot_uniform(in_axis=1, out_axis=0),
    bias_init=uniform_weight,
)
class Transformer(nnx.Module):
    """An encoder and a decoder."""

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Array], Array] = "relu",
        custom_encoder: nnx.Module | None = None,
        custom_decoder: nnx.Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first
        options = (
            d_model,
            nhead,
            dim_feedforward,
            dropout,
            activation,
            layer_norm_eps,
            batch_first,
            norm_first,
            bias,
        )
        initializers = {"kernel_init": kernel_init, "bias_init": bias_init}
        self.encoder = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(*options, **initializers, rngs=rngs),
            num_encoder_layers,
            LayerNorm(d_model, layer_norm_eps, bias=bias),
        )
        self.decoder = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(*options, **initializers, rngs=rngs),
            num_decoder_layers,
            LayerNorm(d_model, layer_norm_eps, bias=bias),
        )

    def __call__(
        self,
        src: Array,
        tgt: Array,
        src_mask: Array | None = None,
        tgt_mask: Array | None = None,
        memory_mask: Array | None = None,
        src_key_padding_mask: Array | None = None,
        tgt_key_padding_mask: Array | None = None,
        memory_key_padding_mask: Array | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Array:
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask)
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz: int) -> Array:
        """Minus infinity above the diagonal, zero elsewhere."""
        return generate_square_subsequent_mask(sz)


def _activation(activation: str | Callable[[Array], Array]) -> Callable[[Array], Array]:
    """The activation function of a given name."""
    if activation == "relu":
        return jax.nn.relu
    if activation == "gelu":
        return functools.partial(jax.nn.gelu, approximate=False)
    return activation


def _residual(x: Array, layer: Callable, norm: Callable, norm_first: bool) -> Array:
    """Add what a layer makes of ``x``, normalised before the layer or after the sum."""
    return x + layer(norm(x)) if norm_first else norm(x + layer(x))


def _copies(layer: nnx.Module, count: int) -> nnx.List:
    """Copies of a layer, which start equal but drop out independently."""
    layers = [nnx.clone(layer) for _ in range(count)]
    for index, copy in enumerate(layers):
        for _, stream in nnx.iter_graph(copy):
            if isinstance(stream, nnx.RngStream):
                stream.key[...] = jax.random.fold_in(stream.key[...], index)
    return nnx.List(layers)
