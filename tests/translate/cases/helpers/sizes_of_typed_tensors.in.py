import torch


def noise(std, ids):
    eps = std.data.new(std.size()).normal_()
    start = torch.Tensor(std.shape).uniform_(-1, 1)
    more = torch.FloatTensor(*ids.size(), 3).fill_(2)
    all_of_it = torch.Tensor(*std.shape)
    values = torch.FloatTensor((1, 2))
    keep = torch.FloatTensor(std.shape[0], 1, device=std.device).uniform_() > 0.5
    plain = torch.zeros(std.shape, dtype=std.dtype, layout=std.layout, device=std.device)
    return eps, start, more, all_of_it, values, keep, plain
