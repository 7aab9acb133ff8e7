import torch
from torch.autograd import Variable

cuda = True if torch.cuda.is_available() else False
Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor
LongTensor = torch.cuda.LongTensor if cuda else torch.LongTensor


def prepared(imgs, labels):
    real = Variable(imgs.type(Tensor))
    valid = Variable(Tensor(imgs.shape[0], 1).fill_(1.0), requires_grad=False)
    return real, valid, Variable(labels.type(LongTensor))


def kind_of(document, Tensor):
    return document.type(Tensor)
