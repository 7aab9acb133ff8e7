import torch


def like(losses: torch.Tensor, make):
    weights = make(3).to(losses)
    return (weights * losses).sum()


def leave_others_alone(path, unit, value):
    return value.to(unit), path.to("metres")
