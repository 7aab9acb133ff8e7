"""Which of several modules an optimizer updates: by its callers, by what is clipped, by name."""
import torch
from torch import nn


def imitate(a, b, opt, x: torch.Tensor):
    opt.zero_grad()
    loss = (a(x) - b(x).detach()).pow(2).mean()
    loss.backward()
    opt.step()
    return loss


def run(x: torch.Tensor):
    teacher, student = nn.Linear(2, 2), nn.Linear(2, 2)
    opt = torch.optim.SGD(student.parameters(), lr=0.1)
    return imitate(student, teacher, opt, x)


def follow(old: nn.Module, new: nn.Module, optimizer, x: torch.Tensor):
    loss = (new(x) - old(x).detach()).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(new.parameters(), 1.0)
    optimizer.step()


def conventional(model, target, optimizer, x: torch.Tensor):
    optimizer.zero_grad()
    loss = (model(x) - target(x).detach()).pow(2).mean()
    loss.backward()
    optimizer.step()


def unclear(teacher, student, optimizer, x: torch.Tensor):
    teacher.eval()
    loss = (student(x) - teacher(x).detach()).pow(2).mean()
    loss.backward()
    optimizer.step()
