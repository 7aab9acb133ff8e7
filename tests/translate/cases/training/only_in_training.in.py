import torch
import torch.nn.functional as F


def run_epoch(model, loader, optimizer=None):
    is_training = optimizer is not None
    total, correct = 0.0, 0
    for x, y in loader:
        # forward
        out = model(x)
        loss = F.mse_loss(out, y)
        total += loss.item()
        if is_training:
            optimizer.zero_grad()
            # backward
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        correct += (out > 0).sum().item()
    return total, correct


def phases(model, batches, optimizer):
    for phase in ["train", "val"]:
        for x, y in batches[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                loss = F.mse_loss(model(x), y)

                # only if in training phase
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                else:
                    print("validation")
            print(loss.item())
