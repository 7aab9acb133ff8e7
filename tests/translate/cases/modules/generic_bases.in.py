from torch.utils.data import Dataset, Sampler


class Numbers(Dataset[int]):
    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> int:
        return index


class Backwards(Sampler[int]):
    def __init__(self, data: Numbers):
        self.data = data

    def __iter__(self):
        return iter(reversed(range(len(self.data))))


def first(data: Dataset[int]) -> int:
    return data[0]
