import torch
import torch.nn.functional as F


def attack(model, loader, epsilon):
    found = []
    for data, target in loader:
        data.requires_grad = True
        output = model(data)
        loss = F.mse_loss(output, target)
        model.zero_grad()
        loss.backward()
        found.append(data + epsilon * data.grad.data.sign())
    return found


def saliency(model, image):
    image = image.clone().requires_grad_()
    score = model(image).max()
    score.backward()
    return image.grad.abs()


def fit(x, y):
    w = torch.zeros(3, 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(5):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        w.data -= 0.1 * w.grad.data
        b.data.sub_(0.1 * b.grad)
        w.grad.zero_()
        b.grad = None
    return w, b


def through_parameters(optimizer, model, x):
    loss = model(x).sum()
    loss.backward()
    for p in model.parameters():
        p.data -= 0.1 * p.grad
