"""torch.nn: losses and distances, which are functions."""

import functools
from collections.abc import Callable

from tojax.rules.api import torch_api

from .functional_classification_loss import ctc_loss, multilabel_margin_loss
from .functional_distance import (
    cosine_embedding_loss,
    cosine_similarity,
    hinge_embedding_loss,
    margin_ranking_loss,
    pairwise_distance,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from .functional_loss import (
    gaussian_nll_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    poisson_nll_loss,
    smooth_l1_loss,
)


@torch_api("torch.nn.MSELoss")
def mse_loss_layer(size_average=None, reduce=None, reduction="mean") -> Callable:
    """Squared differences."""
    return functools.partial(
        mse_loss, size_average=size_average, reduce=reduce, reduction=reduction
    )


@torch_api("torch.nn.L1Loss")
def l1_loss_layer(size_average=None, reduce=None, reduction="mean") -> Callable:
    """Absolute differences."""
    return functools.partial(l1_loss, size_average=size_average, reduce=reduce, reduction=reduction)


@torch_api("torch.nn.SmoothL1Loss")
def smooth_l1_loss_layer(size_average=None, reduce=None, reduction="mean", beta=1.0) -> Callable:
    """Squared differences where they are small, else absolute ones."""
    return functools.partial(
        smooth_l1_loss, size_average=size_average, reduce=reduce, reduction=reduction, beta=beta
    )


@torch_api("torch.nn.HuberLoss")
def huber_loss_layer(reduction="mean", delta=1.0) -> Callable:
    """Squared differences where they are small, else absolute ones."""
    return functools.partial(huber_loss, reduction=reduction, delta=delta)


@torch_api("torch.nn.KLDivLoss")
def kl_div_layer(size_average=None, reduce=None, reduction="mean", log_target=False) -> Callable:
    """Kullback-Leibler divergence of log-probabilities."""
    return functools.partial(
        kl_div, size_average=size_average, reduce=reduce, reduction=reduction, log_target=log_target
    )


@torch_api("torch.nn.PoissonNLLLoss")
def poisson_nll_loss_layer(
    log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction="mean"
) -> Callable:
    """Negative log-likelihood of Poisson counts."""
    return functools.partial(
        poisson_nll_loss,
        log_input=log_input,
        full=full,
        size_average=size_average,
        eps=eps,
        reduce=reduce,
        reduction=reduction,
    )


@torch_api("torch.nn.GaussianNLLLoss")
def gaussian_nll_loss_layer(*, full=False, eps=1e-06, reduction="mean") -> Callable:
    """Negative log-likelihood of normal values."""
    return functools.partial(gaussian_nll_loss, full=full, eps=eps, reduction=reduction)


@torch_api("torch.nn.CTCLoss")
def ctc_loss_layer(blank=0, reduction="mean", zero_infinity=False) -> Callable:
    """Negative log-likelihood of label sequences, over all alignments."""
    return functools.partial(
        ctc_loss, blank=blank, reduction=reduction, zero_infinity=zero_infinity
    )


@torch_api("torch.nn.MultiLabelMarginLoss")
def multilabel_margin_loss_layer(size_average=None, reduce=None, reduction="mean") -> Callable:
    """Hinge loss of several labels."""
    return functools.partial(
        multilabel_margin_loss, size_average=size_average, reduce=reduce, reduction=reduction
    )


@torch_api("torch.nn.CosineEmbeddingLoss")
def cosine_embedding_loss_layer(
    margin=0.0, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Cosine distance of pairs that are alike or not."""
    return functools.partial(
        cosine_embedding_loss,
        margin=margin,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )


@torch_api("torch.nn.MarginRankingLoss")
def margin_ranking_loss_layer(
    margin=0.0, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Hinge loss of ranked pairs."""
    return functools.partial(
        margin_ranking_loss,
        margin=margin,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )


@torch_api("torch.nn.HingeEmbeddingLoss")
def hinge_embedding_loss_layer(
    margin=1.0, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Hinge loss of distances."""
    return functools.partial(
        hinge_embedding_loss,
        margin=margin,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )


@torch_api("torch.nn.SoftMarginLoss")
def soft_margin_loss_layer(size_average=None, reduce=None, reduction="mean") -> Callable:
    """Logistic loss of labels -1 and 1."""
    return functools.partial(
        soft_margin_loss, size_average=size_average, reduce=reduce, reduction=reduction
    )


@torch_api("torch.nn.TripletMarginLoss")
def triplet_margin_loss_layer(
    margin=1.0, p=2.0, eps=1e-06, swap=False, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Hinge loss of the distances in triplets."""
    return functools.partial(
        triplet_margin_loss,
        margin=margin,
        p=p,
        eps=eps,
        swap=swap,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )


@torch_api("torch.nn.TripletMarginWithDistanceLoss")
def triplet_margin_with_distance_loss_layer(
    *, distance_function=None, margin=1.0, swap=False, reduction="mean"
) -> Callable:
    """Hinge loss of the distances in triplets."""
    return functools.partial(
        triplet_margin_with_distance_loss,
        distance_function=distance_function,
        margin=margin,
        swap=swap,
        reduction=reduction,
    )


@torch_api("torch.nn.CosineSimilarity")
def cosine_similarity_layer(dim=1, eps=1e-08) -> Callable:
    """Cosine of the angle between vectors."""
    return functools.partial(cosine_similarity, dim=dim, eps=eps)


@torch_api("torch.nn.PairwiseDistance")
def pairwise_distance_layer(p=2.0, eps=1e-06, keepdim=False) -> Callable:
    """Distance between vectors."""
    return functools.partial(pairwise_distance, p=p, eps=eps, keepdim=keepdim)
