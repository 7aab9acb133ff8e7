import argparse

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--device", default="cpu")
args = parser.parse_args([])
x = torch.zeros(3, device=args.device)
print(f"running on {args.device}", x.shape)
