"""Gradients of PyTorch that the layout of arrays may mislead."""

from collections.abc import Callable

import pytest
import torch

from tojax.verify.torch_layouts import InOrder


def as_patches(image: torch.Tensor) -> torch.Tensor:
    """The same values, laid out as a sequence of patches."""
    return image.flatten(2).transpose(1, 2).contiguous().transpose(1, 2).reshape(image.shape)


LAYOUTS: list[Callable[[torch.Tensor], torch.Tensor]] = [torch.clone, as_patches]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("layout_of_gradient", LAYOUTS)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("batch", [1, 2])
def test_batch_normalisation(layout, layout_of_gradient, training, batch):
    torch.manual_seed(0)
    image, cotangent = torch.randn(2, batch, 4, 3, 3, dtype=torch.float64)
    layer = torch.nn.BatchNorm2d(4).double().train(training)

    def gradients(x: torch.Tensor, weights: torch.Tensor) -> tuple[torch.Tensor, ...]:
        x = x.requires_grad_()
        with InOrder():
            return torch.autograd.grad(layer(x), [x, layer.weight, layer.bias], weights)

    found = gradients(layout(image), layout_of_gradient(cotangent))
    for gradient, wanted in zip(found, gradients(image.clone(), cotangent), strict=True):
        assert torch.allclose(gradient, wanted)
    assert torch.allclose(found[2], cotangent.sum((0, 2, 3)))
