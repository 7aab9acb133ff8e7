import torch


def chain(x):
    y = x * 2
    z = y**2
    return torch.autograd.grad(z.sum(), [x, y])


def one_by_one(x):
    y = x * 2
    z = y**2
    a = torch.autograd.grad(z.sum(), y, retain_graph=True)[0]
    b = torch.autograd.grad(z.sum(), x)[0]
    return a + b


def in_place(x):
    h = x * 2
    h.mul_(3)
    y = h**2
    return torch.autograd.grad(y.sum(), x)


def of_parameters(model, x):
    loss = model(x).sum()
    return torch.autograd.grad(loss, model.parameters())


def in_a_branch(x, flag):
    y = x**2
    if flag:
        y = y * 2
    return torch.autograd.grad(y.sum(), x)[0]


def of_an_argument(y, x: torch.Tensor):
    return torch.autograd.grad(y, x)[0]


def unused(x: torch.Tensor, w: torch.Tensor):
    y = x**2
    return torch.autograd.grad(y.sum(), [x, w], allow_unused=True)
