import torch

cuda = torch.cuda.is_available()
Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor
if cuda:
    LongTensor = torch.cuda.LongTensor
else:
    LongTensor = torch.LongTensor


def labels(images):
    valid = Tensor(images.size(0), 1).fill_(1.0)
    classes = LongTensor([0, 1])
    return images.type(Tensor), images.type(torch.Tensor), valid, classes.type(LongTensor)
