import torch
from torch import nn


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = nn.Linear(4, 2).to(device)
    print(model(torch.randn(2, 4, device=device)))


def test():
    if torch.cuda.is_available():
        torch.backends.cudnn.benchmark = True
    print(nn.Linear(4, 2)(torch.ones(1, 4)))


if __name__ == "__main__":
    main()
    test()
