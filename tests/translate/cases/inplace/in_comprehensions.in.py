import torch


def halve(rows: list[torch.Tensor]):
    return [row.div_(2) for row in rows]


def shift(
    rows: list[torch.Tensor],
):
    for row in zip(
        rows,
    ):
        row[0].add_(1)
    for row in reversed(
        rows,
    ):
        row.add_(1)
