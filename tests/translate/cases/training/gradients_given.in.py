import torch


def weighted(model, optimizer, x, weights):
    out = model(x)
    optimizer.zero_grad()
    out.backward(weights)
    optimizer.step()
    return out


def all_alike(model, optimizer, x):
    out = model(x)
    optimizer.zero_grad()
    out.backward(gradient=torch.ones_like(out))
    optimizer.step()


def of_its_own_values(model, optimizer, x):
    out = model(x)
    weights = out * 2
    optimizer.zero_grad()
    out.backward(weights)
    optimizer.step()


def by_function(model, optimizer, x):
    loss = model(x).sum()
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    optimizer.step()


def in_a_row(model, optimizer, x):
    hidden = model(x)
    first = hidden.sum()
    second = (hidden**2).sum()
    optimizer.zero_grad()
    first.backward(retain_graph=True)
    second.backward()
    optimizer.step()
    return first.item()
