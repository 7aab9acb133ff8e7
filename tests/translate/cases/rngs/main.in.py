import torch


def sample(n: int) -> torch.Tensor:
    return torch.rand(n, 2)


def main():
    print(sample(3))


if __name__ == "__main__":
    main()
