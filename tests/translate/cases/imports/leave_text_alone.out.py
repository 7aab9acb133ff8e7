"""Says torch, import torch and torch.zeros(3) in text only."""
import logging
from torchless import torch_like

NAME = "torch.nn"  # import torch
logging.info(f"{torch_like} is not torch.zeros(3)")
