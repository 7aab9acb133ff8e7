import torch


def both(encoder, decoder):
    params = list(encoder.parameters())
    params += list(decoder.parameters())
    return torch.optim.Adam(params, lr=1e-2)


def from_nothing(encoder, decoder):
    params = []
    params.extend(encoder.parameters())
    params.extend(decoder.parameters())
    return torch.optim.Adam(params=params, lr=1e-2)


def perhaps(model, fine, deep):
    params = list(model.parameters())
    if deep:
        params += list(fine.parameters())
    return torch.optim.Adam(params=params, lr=1e-2)


def groups(model):
    params = [{"params": model.head.parameters(), "lr": 0.1}]
    params += [{"params": model.body.parameters(), "lr": 0.2}]
    return torch.optim.Adam(params, lr=1e-2)


def gathered(model):
    params = []
    for name, value in model.named_parameters():
        params += [{"params": [value], "lr": 0.1}]
    return torch.optim.Adam(params, lr=1e-2)
