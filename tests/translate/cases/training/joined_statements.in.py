import torch
model = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in [(torch.ones(3, 2), torch.ones(3, 1))]:
    loss = ((model(x) - y) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    print(loss.item())

def train(model, opt, x):
    opt.zero_grad(); loss = model(x).sum()
    loss.backward(); opt.step()  # step
    return loss

def train2(model, opt, x):
    out = model(x); loss = out.sum(); opt.zero_grad(); loss.backward(); opt.step(); return loss

def one(model, opt, x): loss = model(x).sum(); opt.zero_grad(); loss.backward(); opt.step()


def accumulate(model, opt, batches):
    for n, x in enumerate(batches):
        loss = model(x).sum(); loss.backward()
        if n % 2: opt.step(); opt.zero_grad()
    a = 1; b = 2  # stay as they are
    return a, b


def returned(model, x):
    loss = model(x).sum(); loss.backward(); return loss
