import torch
import torch.nn.functional as F

x, y = torch.ones(2, 3), torch.ones(2, 1)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for step in range(6):
        loss = F.mse_loss(model(x), y) / 3
        loss.backward()
        if (step + 1) % 3 == 0:
            optimizer.step()
            optimizer.zero_grad()
