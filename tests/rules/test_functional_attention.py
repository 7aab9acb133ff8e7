"""torch.nn.functional: attention, embeddings and dropout."""

import jax
import jax.numpy as jnp
import pytest
import torch
import torch.nn.functional as F
from flax import nnx
from rules.api import functional_attention as attention
from rules.api import functional_dropout as dropout
from rules.api import functional_embedding as embedding

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.functional import assert_agrees, normal, uniform

Q, K, V = normal(2, 4, 3, 8), normal(2, 4, 5, 8, seed=1), normal(2, 4, 5, 6, seed=2)
ALLOWED = torch.tensor(
    [[True, True, False, False, True], [False] * 5, [True, False, True, True, True]]
)


def attend(*args, **options):
    return attention.scaled_dot_product_attention(*args, **options, rngs=None)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"scale": 0.3},
        {"is_causal": True},
        {"attn_mask": ALLOWED},
        {"attn_mask": torch.zeros(3, 5).masked_fill(~ALLOWED, -torch.inf)},
        {"attn_mask": normal(2, 1, 3, 5)},
    ],
)
def test_attention(options):
    assert_agrees(attend, F.scaled_dot_product_attention, Q, K, V, **options)
    if "attn_mask" not in options:
        args = Q[0, 0], K[0, 0], V[0, 0]
        assert_rule(attend, F.scaled_dot_product_attention, *args, **options)


def test_grouped_query_attention():
    args = Q, K[:, :2], V[:, :2]
    assert_agrees(attend, F.scaled_dot_product_attention, *args, enable_gqa=True)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"need_weights": False},
        {"average_attn_weights": False},
        {"attn_mask": normal(3, 5, seed=9)},
        {"attn_mask": torch.triu(torch.ones(3, 5, dtype=bool), 1)},
        {"attn_mask": normal(8, 3, 5, seed=9)},
        {"key_padding_mask": torch.tensor([[False] * 5, [False, True, False, True, True]])},
        {"add_zero_attn": True, "bias_k": normal(1, 1, 8), "bias_v": normal(1, 1, 8, seed=3)},
    ],
)
@pytest.mark.parametrize("batched", [True, False])
def test_multi_head_attention(options, batched):
    args = {
        "query": normal(3, 2, 8),
        "key": normal(5, 2, 8, seed=1),
        "value": normal(5, 2, 8, seed=2),
        "embed_dim_to_check": 8,
        "num_heads": 4,
        "in_proj_weight": normal(24, 8, seed=3),
        "in_proj_bias": normal(24, seed=4),
        "bias_k": None,
        "bias_v": None,
        "add_zero_attn": False,
        "dropout_p": 0.0,
        "out_proj_weight": normal(8, 8, seed=5),
        "out_proj_bias": normal(8, seed=6),
    } | options
    if not batched:
        args |= {name: args[name][:, 0] for name in ("query", "key", "value")}
        if "key_padding_mask" in args:
            args["key_padding_mask"] = args["key_padding_mask"][1]
        if getattr(args.get("attn_mask"), "ndim", 2) == 3:
            args["attn_mask"] = args["attn_mask"][:4]
    expected = F.multi_head_attention_forward(**args)
    got = attention.multi_head_attention_forward(**to_jax(args), rngs=None)
    assert_same(got[0], expected[0], atol=1e-5)
    if expected[1] is None:
        assert got[1] is None
    else:
        assert_same(got[1], expected[1])


def test_multi_head_attention_with_projections_of_their_own():
    names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
    shapes = [(8, 8), (8, 6), (8, 5)]
    weights = {name: normal(*shape) for name, shape in zip(names, shapes, strict=True)}
    absent = None, None, None, None  # in_proj_weight, in_proj_bias, bias_k, bias_v
    inputs = normal(3, 2, 8), normal(5, 2, 6), normal(5, 2, 5)
    args = (*inputs, 8, 2, *absent, False, 0.0, normal(8, 8, seed=5), None)
    got = attention.multi_head_attention_forward(
        *to_jax(args), use_separate_proj_weight=True, **to_jax(weights), rngs=None
    )
    expected = F.multi_head_attention_forward(*args, use_separate_proj_weight=True, **weights)
    assert_same(got, expected, atol=1e-5)


TABLE, TOKENS = normal(7, 3), torch.tensor([[1, 0, 6, 1], [6, 6, 2, 5]])


@pytest.mark.parametrize("padding_idx", [None, 1, -1])
def test_embedding(padding_idx):
    assert_agrees(embedding.embedding, F.embedding, TOKENS, TABLE, padding_idx)


def test_one_hot():
    assert_rule(embedding.one_hot, F.one_hot, TOKENS)
    assert_rule(embedding.one_hot, F.one_hot, TOKENS, 9)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("padding_idx", [None, 6, -1])
@pytest.mark.parametrize(
    ("tokens", "options"),
    [
        (TOKENS, {}),
        (TOKENS.flatten(), {"offsets": torch.tensor([0, 3, 3, 6])}),
        (TOKENS.flatten(), {"offsets": torch.tensor([0, 2, 8]), "include_last_offset": True}),
    ],
)
def test_embedding_bag(tokens, options, mode, padding_idx):
    options = {"mode": mode, "padding_idx": padding_idx, **options}
    assert_agrees(embedding.embedding_bag, F.embedding_bag, tokens, TABLE, **options)
    if mode == "sum":
        options["per_sample_weights"] = uniform(*tokens.shape)
        assert_agrees(embedding.embedding_bag, F.embedding_bag, tokens, TABLE, **options)


@pytest.mark.parametrize("options", [{"max_norm": 1.0}, {"scale_grad_by_freq": True}])
def test_what_embedding_cannot_do(options):
    for rule in (embedding.embedding, embedding.embedding_bag):
        with pytest.raises(NotImplementedError, match=next(iter(options))):
            rule(to_jax(TOKENS), to_jax(TABLE), **options)


@pytest.fixture
def same_draws(monkeypatch):
    """Make jax.random.bernoulli give the mask that PyTorch draws after the same seed."""

    def bernoulli(key, p, shape):
        torch.manual_seed(0)
        return to_jax(torch.empty(shape).bernoulli_(p) > 0)

    monkeypatch.setattr(jax.random, "bernoulli", bernoulli)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("dropout", (4, 5)),
        ("dropout1d", (4, 5, 3)),
        ("dropout1d", (5, 3)),
        ("dropout2d", (4, 5, 3, 2)),
        ("dropout3d", (4, 5, 3, 2, 2)),
        ("dropout3d", (5, 3, 2, 2)),
        ("alpha_dropout", (4, 5)),
        ("feature_alpha_dropout", (4, 5, 3)),
    ],
)
@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_dropout(same_draws, name, shape, p):
    rule, function = getattr(dropout, name), getattr(F, name)

    def seeded(x, *args):
        torch.manual_seed(0)
        return function(x, *args)

    assert_agrees(
        lambda x, *args: rule(x, *args, rngs=nnx.Rngs(0)), seeded, normal(*shape), p, True
    )
    assert_rule(lambda x, *args: rule(x, *args, rngs=None), function, normal(*shape), p, False)


def test_dropout_of_the_torch_namespace(same_draws):
    def seeded(x):
        torch.manual_seed(0)
        return torch.dropout(x, 0.4, True)

    assert_agrees(lambda x: dropout.torch_dropout(x, 0.4, True, rngs=nnx.Rngs(0)), seeded, Q)


def test_dropout_keeps_its_share_and_scales():
    y = dropout.dropout(jnp.ones(10_000), 0.2, rngs=nnx.Rngs(0))
    assert abs(float(jnp.mean(y > 0)) - 0.8) < 0.02
    assert jnp.allclose(jnp.unique(y), jnp.array([0, 1.25]))


def test_attention_drops_weights(same_draws):
    torch.manual_seed(0)
    kept = torch.empty(2, 4, 3, 5).bernoulli_(0.5)
    weights = (Q @ K.mT / 8**0.5).softmax(-1)
    got = attention.scaled_dot_product_attention(
        *to_jax((Q, K, V)), dropout_p=0.5, rngs=nnx.Rngs(0)
    )
    assert_same(got, (weights * kept * 2) @ V, atol=1e-5)


def test_choosing_a_kernel_changes_nothing():
    with torch.nn.attention.sdpa_kernel([torch.nn.attention.SDPBackend.MATH]):
        expected = F.scaled_dot_product_attention(Q, K, V)
    with attention.sdpa_kernel(["MATH"]), attention.sdp_kernel(enable_flash=False):
        made = attention.scaled_dot_product_attention(*map(to_jax, (Q, K, V)), rngs=nnx.Rngs(0))
    assert_same(made, expected)
