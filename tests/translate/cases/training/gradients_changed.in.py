import torch
import torch.nn.functional as F


def optimize(net, opt, x, y):
    loss = F.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    # as in the paper
    for param in net.parameters():
        param.grad.data.clamp_(-1, 1)  # in place
    opt.step()
    return loss.item()


def several(net, opt, x, y):
    for step in range(3):
        for p in net.parameters():
            p.grad = None
        loss = F.mse_loss(net(x), y)
        loss.backward()
        with torch.no_grad():
            for name, p in net.named_parameters():
                if p.requires_grad and p.grad is not None:
                    # smaller every time
                    p.grad /= step + 1
                    p.grad.add_(torch.randn_like(p.grad))
                    p.grad[0] = 0
                    p.grad = p.grad * 2
        opt.step()


def mean(net, opt, batches):
    for i, (x, y) in enumerate(batches):
        loss = F.mse_loss(net(x), y)
        loss.backward()
        if i % 2 == 1:
            for p in net.parameters():
                if p.grad is None:
                    continue
                p.grad.data *= 1 / 2
            opt.step()
            for p in net.parameters():
                p.grad.detach_()
                p.grad.zero_()


def by_hand(net, x, y, rate):
    for _ in range(3):
        loss = F.mse_loss(net(x), y)
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p.grad.clamp_(-1, 1)
                p -= rate * p.grad
                p.grad.zero_()


def frozen_by_zeros(net, opt, x, y):
    opt.zero_grad()
    loss = F.mse_loss(net(x), y)
    loss.backward()
    for p in net.parameters():
        p.grad.zero_()
    opt.step()
