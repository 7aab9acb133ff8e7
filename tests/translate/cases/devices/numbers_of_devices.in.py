import torch


def f(img, window):
    if img.is_cuda:
        window = window.cuda(img.get_device())
    return window * img


def h(img, window):
    if img.is_cuda:
        window = window.to(img.get_device())
    return window * img


def indices(x: torch.Tensor):
    device = x.get_device()
    if device < 0:
        device = "cpu"
    return torch.arange(x.shape[0], device=device), torch.device(device)


def base(x: torch.Tensor):
    return torch.arange(x.shape[0], device=x.get_device()), torch.zeros(2).to(x.get_device())
