"""torch.nn: losses and distances."""

import pytest
import torch
from rules.api import nn_loss, nn_loss_base, nn_weighted_loss
from torch import nn

from tests.rules.compare import to_jax
from tests.rules.layers import assert_layer

SCORES = torch.randn(4, 3)
CLASSES = torch.tensor([2, 0, 1, 2])
WEIGHT = torch.tensor([0.5, 1.0, 2.0])
SIGNS = torch.tensor([1, -1, -1, 1])
X, Y = torch.randn(4, 3), torch.randn(4, 3)

CASES = [
    ("mse_loss", nn.MSELoss, {}, (X, Y)),
    ("l1_loss", nn.L1Loss, {}, (X, Y)),
    ("smooth_l1_loss", nn.SmoothL1Loss, {"beta": 0.5}, (X, Y)),
    ("huber_loss", nn.HuberLoss, {"delta": 0.5}, (X, Y)),
    ("cross_entropy", nn.CrossEntropyLoss, {}, (SCORES, CLASSES)),
    (
        "cross_entropy",
        nn.CrossEntropyLoss,
        {"weight": WEIGHT, "ignore_index": 0, "label_smoothing": 0.1},
        (SCORES, CLASSES),
    ),
    ("cross_entropy", nn.CrossEntropyLoss, {}, (SCORES, X.softmax(1))),
    ("nll_loss", nn.NLLLoss, {"weight": WEIGHT, "ignore_index": 1}, (SCORES, CLASSES)),
    ("binary_cross_entropy", nn.BCELoss, {}, (X.sigmoid(), Y.sigmoid())),
    (
        "binary_cross_entropy_with_logits",
        nn.BCEWithLogitsLoss,
        {"pos_weight": WEIGHT, "weight": WEIGHT + 1},
        (X, Y.sigmoid()),
    ),
    ("kl_div", nn.KLDivLoss, {}, (X.log_softmax(1), Y.softmax(1))),
    ("kl_div", nn.KLDivLoss, {"log_target": True}, (X.log_softmax(1), Y.log_softmax(1))),
    ("poisson_nll_loss", nn.PoissonNLLLoss, {"full": True}, (X, Y.abs() * 3)),
    ("gaussian_nll_loss", nn.GaussianNLLLoss, {"full": True}, (X, Y, X.exp())),
    ("multi_margin_loss", nn.MultiMarginLoss, {"margin": 0.5}, (SCORES, CLASSES)),
    (
        "multilabel_margin_loss",
        nn.MultiLabelMarginLoss,
        {},
        (SCORES, torch.tensor([[2, 0, -1]] * 4)),
    ),
    (
        "multilabel_soft_margin_loss",
        nn.MultiLabelSoftMarginLoss,
        {"weight": WEIGHT},
        (SCORES, (Y > 0).float()),
    ),
    ("cosine_embedding_loss", nn.CosineEmbeddingLoss, {"margin": 0.1}, (X, Y, SIGNS)),
    ("margin_ranking_loss", nn.MarginRankingLoss, {"margin": 0.1}, (X[:, 0], Y[:, 0], SIGNS)),
    ("hinge_embedding_loss", nn.HingeEmbeddingLoss, {}, (X[:, 0], SIGNS)),
    ("soft_margin_loss", nn.SoftMarginLoss, {}, (X[:, 0], SIGNS)),
    ("triplet_margin_loss", nn.TripletMarginLoss, {"swap": True}, (X, Y, SCORES)),
    ("triplet_margin_with_distance_loss", nn.TripletMarginWithDistanceLoss, {}, (X, Y, SCORES)),
]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("name", "module", "options", "inputs"), CASES)
def test_loss(name, module, options, inputs, reduction):
    module_of = nn_loss if hasattr(nn_loss, f"{name}_layer") else nn_weighted_loss
    ours = getattr(module_of, f"{name}_layer")
    layer = ours(**to_jax(options), reduction=reduction)
    theirs = module(**options, reduction=reduction)
    assert_layer(layer, theirs, *inputs, gradients=reduction == "sum", atol=1e-5)


@pytest.mark.filterwarnings("ignore:size_average and reduce")
@pytest.mark.parametrize("flags", [{"size_average": False}, {"reduce": False}])
def test_deprecated_flags(flags):
    assert_layer(nn_loss.mse_loss_layer(**flags), nn.MSELoss(**flags), X, Y, gradients=False)


def test_ctc_loss():
    log_probs = torch.randn(7, 2, 4).log_softmax(2)
    targets = torch.tensor([[1, 2, 3], [3, 3, 1]])
    lengths = torch.tensor([7, 6]), torch.tensor([3, 2])
    layer, module = nn_loss.ctc_loss_layer(), nn.CTCLoss()
    assert_layer(layer, module, log_probs, targets, *lengths, gradients=False, rtol=1e-4)


def test_cosine_similarity():
    assert_layer(nn_loss.cosine_similarity_layer(dim=0), nn.CosineSimilarity(dim=0), X, Y)


def test_pairwise_distance():
    layer = nn_loss.pairwise_distance_layer(p=1.0, keepdim=True)
    assert_layer(layer, nn.PairwiseDistance(p=1.0, keepdim=True), X, Y)


@pytest.mark.parametrize(
    "options", [{}, {"reduction": "sum"}, {"size_average": False}, {"reduce": False}]
)
def test_base_of_losses(options):
    theirs = nn.modules.loss._Loss(**options)
    assert nn_loss_base._Loss(**options).reduction == theirs.reduction
