"""torch.nn.functional: losses and distances."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch
import torch.nn.functional as F
from rules.api import functional_classification_loss as classes
from rules.api import functional_distance as distances
from rules.api import functional_loss as losses
from rules.api import functional_norm

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.functional import assert_agrees, integers, normal, uniform

X, Y = normal(4, 3), normal(4, 3, seed=1)
P, Q = uniform(4, 3), uniform(4, 3, seed=1)
SIGNS = torch.tensor([1.0, -1, -1, 1])
BITS = integers(2, 4, 3).float()
LABELS = torch.tensor([2, 0, 1, 1])

CASES = [
    (losses.mse_loss, F.mse_loss, (X, Y), {}),
    (losses.l1_loss, F.l1_loss, (X, Y), {}),
    (losses.huber_loss, F.huber_loss, (X, Y), {"delta": 0.7}),
    (losses.smooth_l1_loss, F.smooth_l1_loss, (X, Y), {}),
    (losses.smooth_l1_loss, F.smooth_l1_loss, (X, Y), {"beta": 0.3}),
    (losses.smooth_l1_loss, F.smooth_l1_loss, (X, Y), {"beta": 0.0}),
    (losses.binary_cross_entropy, F.binary_cross_entropy, (P, Q), {}),
    (losses.binary_cross_entropy, F.binary_cross_entropy, (P, BITS), {"weight": Q}),
    (
        losses.binary_cross_entropy_with_logits,
        F.binary_cross_entropy_with_logits,
        (X * 30, Q),
        {},
    ),
    (
        losses.binary_cross_entropy_with_logits,
        F.binary_cross_entropy_with_logits,
        (X, BITS),
        {"weight": Q, "pos_weight": torch.tensor([0.5, 2.0, 3.0])},
    ),
    (losses.kl_div, F.kl_div, (X, Q), {}),
    (losses.kl_div, F.kl_div, (X, Y), {"log_target": True}),
    (losses.poisson_nll_loss, F.poisson_nll_loss, (X, P * 9), {"full": True}),
    (losses.poisson_nll_loss, F.poisson_nll_loss, (P, Q), {"log_input": False}),
    (losses.gaussian_nll_loss, F.gaussian_nll_loss, (X, Y, P), {"full": True}),
    (losses.gaussian_nll_loss, F.gaussian_nll_loss, (X, Y, P[:, :1]), {"eps": 0.5}),
    (losses.gaussian_nll_loss, F.gaussian_nll_loss, (X, Y, P[:, 0]), {}),
    (losses.gaussian_nll_loss, F.gaussian_nll_loss, (X, Y, 0.3), {}),
    (distances.cosine_embedding_loss, F.cosine_embedding_loss, (X, Y, SIGNS), {"margin": 0.1}),
    (distances.margin_ranking_loss, F.margin_ranking_loss, (X[:, 0], Y[:, 0], SIGNS), {}),
    (distances.margin_ranking_loss, F.margin_ranking_loss, (X, Y, 2 * BITS - 1, 0.5), {}),
    (distances.hinge_embedding_loss, F.hinge_embedding_loss, (X, 2 * BITS - 1), {}),
    (distances.soft_margin_loss, F.soft_margin_loss, (X,), {"target": 2 * BITS - 1}),
    (distances.triplet_margin_loss, F.triplet_margin_loss, (X, Y, P), {"swap": True}),
    (distances.triplet_margin_loss, F.triplet_margin_loss, (X, Y, P), {"p": 1, "margin": 3.0}),
    (
        distances.triplet_margin_with_distance_loss,
        F.triplet_margin_with_distance_loss,
        (X, Y, P),
        {"margin": 2.0, "swap": True},
    ),
    (classes.multi_margin_loss, F.multi_margin_loss, (X, LABELS), {"p": 2, "margin": 0.5}),
    (classes.multi_margin_loss, F.multi_margin_loss, (X, LABELS), {"weight": P[0]}),
    (
        classes.multilabel_margin_loss,
        F.multilabel_margin_loss,
        (X, torch.tensor([[2, 0, -1], [1, -1, 2], [-1, 0, 0], [0, 2, 1]])),
        {},
    ),
    (
        classes.multilabel_soft_margin_loss,
        F.multilabel_soft_margin_loss,
        (X, BITS),
        {"weight": P[0]},
    ),
]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("rule", "function", "args", "options"), CASES)
def test_loss(rule, function, args, options, reduction):
    assert_agrees(rule, function, *args, reduction=reduction, **options)


@pytest.mark.filterwarnings("ignore:size_average and reduce args")
@pytest.mark.parametrize(
    "flags",
    [{"reduce": False}, {"size_average": False}, {"size_average": True, "reduce": True}],
)
@pytest.mark.parametrize(
    ("rule", "function", "args"),
    [
        (losses.mse_loss, F.mse_loss, (X, Y)),
        (losses.l1_loss, F.l1_loss, (X, Y)),
        (losses.kl_div, F.kl_div, (X, Q)),
        (classes.cross_entropy, F.cross_entropy, (X, LABELS)),
        (distances.soft_margin_loss, F.soft_margin_loss, (X, 2 * BITS - 1)),
    ],
)
def test_deprecated_flags(rule, function, args, flags):
    assert_rule(rule, function, *args, **flags)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_weighted_regression(reduction):
    for name in ("mse_loss", "l1_loss", "huber_loss"):
        options = {"weight": Q, "reduction": reduction}
        assert_agrees(getattr(losses, name), getattr(F, name), X, Y, **options)


def test_kl_div_batchmean():
    assert_agrees(losses.kl_div, F.kl_div, X, Q, reduction="batchmean")


def test_saturated_probabilities_keep_value_and_gradient_finite():
    p = torch.sigmoid(torch.tensor([200.0, -200, 200, -200]))
    assert_rule(
        losses.binary_cross_entropy, F.binary_cross_entropy, p, torch.tensor([1.0, 0, 0, 1])
    )

    def of_logits(loss, sigmoid):
        return lambda x, y: loss(sigmoid(x), y)

    assert_agrees(
        of_logits(losses.binary_cross_entropy, jax.nn.sigmoid),
        of_logits(F.binary_cross_entropy, torch.sigmoid),
        torch.tensor([200.0, -200, 3, -200]),
        y=torch.tensor([1.0, 0, 0, 1]),
    )


SHAPES = [((4, 3), (4,)), ((3,), ()), ((2, 3, 4), (2, 4)), ((2, 3, 2, 2), (2, 2, 2))]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weight", [None, torch.tensor([0.5, 2.0, 0.0])])
@pytest.mark.parametrize(("shape", "target_shape"), SHAPES)
def test_cross_entropy_and_nll(shape, target_shape, weight, reduction):
    logits, target = normal(*shape) * 5, integers(2, *target_shape)
    options = {"weight": weight, "reduction": reduction}
    assert_agrees(classes.cross_entropy, F.cross_entropy, logits, target, **options)
    assert_agrees(classes.nll_loss, F.nll_loss, logits, target, **options)
    probabilities = normal(*shape, seed=1).softmax(min(1, len(shape) - 1))
    for smoothing in (0.0, 0.2):
        options["label_smoothing"] = smoothing
        assert_agrees(classes.cross_entropy, F.cross_entropy, logits, probabilities, **options)
        assert_agrees(classes.cross_entropy, F.cross_entropy, logits, target, **options)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("ignore_index", [-100, 1])
def test_ignored_targets(ignore_index, reduction, smoothing):
    logits, target = normal(2, 3, 4), integers(3, 2, 4)
    target[0, 1:3] = ignore_index
    options = {"ignore_index": ignore_index, "reduction": reduction}
    assert_agrees(classes.nll_loss, F.nll_loss, logits, target, weight=Q[0], **options)
    options["label_smoothing"] = smoothing
    assert_agrees(classes.cross_entropy, F.cross_entropy, logits, target, weight=Q[0], **options)
    assert_agrees(classes.cross_entropy, F.cross_entropy, logits, target, **options)


def test_plain_cross_entropy_is_what_optax_computes():
    """The promise of its docstring, which lets a caller use the shorter form."""

    def plain(logits, labels):
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()

    assert_agrees(plain, F.cross_entropy, normal(5, 3) * 9, integers(3, 5))
    assert_rule(plain, F.cross_entropy, normal(3), torch.tensor(1))


def test_linear_cross_entropy():
    options = {"linear_bias": normal(5, seed=2), "label_smoothing": 0.1, "ignore_index": 2}
    weight = normal(5, 3, seed=1)
    assert_agrees(
        classes.linear_cross_entropy, F.linear_cross_entropy, X, weight, LABELS, **options
    )


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("layout", ["padded", "concatenated", "single"])
def test_ctc_loss(layout, reduction):
    """Gradients are those of the logits: PyTorch's own assume a log_softmax before."""
    steps, lengths, label_lengths = normal(9, 3, 5) * 2, [9, 7, 8], [3, 1, 4]
    labels = torch.tensor([[1, 1, 2, 4], [3, 4, 4, 4], [2, 1, 2, 3]])
    options = {"reduction": reduction}
    if layout == "concatenated":
        labels = torch.cat([row[:n] for row, n in zip(labels, label_lengths, strict=True)])
    if layout == "single":
        steps, labels, lengths, label_lengths = steps[:, 0], labels[0, :3], 9, 3
    elif reduction == "sum":
        options["blank"] = 4
        labels = labels % 4
    args = labels, torch.tensor(lengths), torch.tensor(label_lengths)
    assert_agrees(
        lambda x, *rest: classes.ctc_loss(jax.nn.log_softmax(x, axis=-1), *rest, **options),
        lambda x, *rest: F.ctc_loss(x.log_softmax(-1), *rest, **options),
        steps,
        *args,
    )
    if layout != "single":
        given = labels, tuple(lengths), tuple(label_lengths)
        assert_rule(classes.ctc_loss, F.ctc_loss, steps.log_softmax(-1), *given, **options)


@pytest.mark.parametrize("zero_infinity", [False, True])
def test_ctc_loss_of_targets_that_do_not_fit(zero_infinity):
    log_probs = normal(4, 2, 3).log_softmax(-1)
    targets = torch.tensor([[1, 1, 1], [1, 2, 1]])
    args = targets, torch.tensor([4, 4]), torch.tensor([3, 3])
    options = {"reduction": "none", "zero_infinity": zero_infinity}
    assert_rule(classes.ctc_loss, F.ctc_loss, log_probs, *args, **options)


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_cosine_similarity(dim):
    x, y = normal(3, 4, 2), normal(3, 4, 2, seed=1)
    assert_agrees(distances.cosine_similarity, F.cosine_similarity, x, y, dim)
    x[0], y[:, 1] = 0, 0
    assert_agrees(distances.cosine_similarity, F.cosine_similarity, x, y, dim, 0.1)
    assert_rule(distances.cosine_similarity, F.cosine_similarity, x, y[:1])


@pytest.mark.parametrize("p", [0, 1, 2, 3.5, math.inf])
def test_distances(p):
    assert_rule(distances.pairwise_distance, F.pairwise_distance, X, Y, p, keepdim=True)
    assert_rule(distances.pdist, F.pdist, X, p)
    if p:
        assert_agrees(distances.pairwise_distance, F.pairwise_distance, X, Y, p, 0.1)
        assert_agrees(distances.pdist, F.pdist, X, p)


def test_distance_of_equal_points_has_gradient_zero():
    twice = torch.cat([X, X])
    assert_agrees(distances.pdist, F.pdist, twice)
    assert_agrees(distances.pairwise_distance, F.pairwise_distance, X, X, 2, 0.0)


@pytest.mark.parametrize("p", [-math.inf, 0, 1, 2, 3, math.inf])
def test_vector_norm(p):
    got = functional_norm.vector_norm(to_jax(X), p, axis=1, keepdims=True)
    assert_same(got, torch.linalg.vector_norm(X, p, dim=1, keepdim=True))


def test_losses_work_under_jit():
    got = jax.jit(classes.cross_entropy)(to_jax(X), to_jax(LABELS))
    assert_same(got, F.cross_entropy(X, LABELS))
    args = X[:, None].log_softmax(-1), torch.tensor([1, 2]), torch.tensor([4]), torch.tensor([2])
    assert_same(jax.jit(classes.ctc_loss)(*map(to_jax, args)), F.ctc_loss(*args))
    assert np.isfinite(jax.jit(losses.kl_div)(jnp.zeros(3), jnp.array([0.0, 0.5, 0.5])))
