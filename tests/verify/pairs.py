"""Hand-written pairs: PyTorch source, and JAX source that means the same."""

from __future__ import annotations

TORCH = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
JAX = "import jax\nimport jax.numpy as jnp\nfrom flax import nnx\nfrom jax import lax\n"

NORM = (
    TORCH
    + """
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)

    def forward(self, x):
        return self.norm(x)


def get_inputs():
    return [torch.randn(5, 6)]
""",
    JAX
    + """
class LayerNorm(nnx.Module):
    def __init__(self, size, eps=1e-5):
        self.weight = nnx.Param(jnp.ones(size))
        self.bias = nnx.Param(jnp.zeros(size))
        self.eps = eps

    def __call__(self, x):
        mean = x.mean(-1, keepdims=True)
        y = (x - mean) * lax.rsqrt(x.var(-1, keepdims=True) + self.eps)
        return y * self.weight[...] + self.bias[...]


class Model(nnx.Module):
    def __init__(self):
        self.norm = LayerNorm(6)

    def __call__(self, x):
        return self.norm(x)
""",
)

CONVOLUTION = (
    TORCH
    + """
class Model(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, padding=1)
        self.bn = nn.BatchNorm2d(channels)
        self.fc = nn.Linear(channels, 2)

    def forward(self, x):
        y = F.relu(self.bn(self.conv(x)))
        return {"logits": self.fc(y.mean((2, 3))), "features": (y, None)}


def get_inputs():
    return [torch.randn(4, 3, 5, 6)]


def get_init_inputs():
    return [4]
""",
    JAX
    + """
class Conv2d(nnx.Module):
    def __init__(self, inputs, outputs, size, *, rngs):
        init = nnx.initializers.lecun_normal()
        self.weight = nnx.Param(init(rngs.params(), (outputs, inputs, size, size)))
        self.bias = nnx.Param(jnp.zeros(outputs))

    def __call__(self, x):
        y = lax.conv_general_dilated(x, self.weight[...], (1, 1), "SAME")
        return y + self.bias[...].reshape(1, -1, 1, 1)


class BatchNorm(nnx.Module):
    def __init__(self, size):
        self.weight = nnx.Param(jnp.ones(size))
        self.bias = nnx.Param(jnp.zeros(size))
        self.running_mean = nnx.BatchStat(jnp.zeros(size))
        self.running_var = nnx.BatchStat(jnp.ones(size))
        self.num_batches_tracked = nnx.BatchStat(jnp.zeros((), int))
        self.use_running_average = False

    def __call__(self, x):
        if self.use_running_average:
            mean, var = self.running_mean[...], self.running_var[...]
        else:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
            n = x.size // x.shape[1]
            self.num_batches_tracked[...] += 1
            self.running_mean[...] = 0.9 * self.running_mean[...] + 0.1 * lax.stop_gradient(mean)
            unbiased = var * n / (n - 1)
            self.running_var[...] = 0.9 * self.running_var[...] + 0.1 * lax.stop_gradient(unbiased)
        shape = (1, -1, 1, 1)
        y = (x - mean.reshape(shape)) * lax.rsqrt(var.reshape(shape) + 1e-5)
        return y * self.weight[...].reshape(shape) + self.bias[...].reshape(shape)


class Model(nnx.Module):
    def __init__(self, channels, *, rngs: nnx.Rngs):
        self.conv = Conv2d(3, channels, 3, rngs=rngs)
        self.bn = BatchNorm(channels)
        self.fc = nnx.Linear(channels, 2, rngs=rngs)

    def __call__(self, x):
        y = jax.nn.relu(self.bn(self.conv(x)))
        return {"logits": self.fc(y.mean((2, 3))), "features": (y, None)}
""",
)

DROPOUT = (
    TORCH
    + """
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Dropout(0.3))
        self.heads = nn.ModuleList([nn.Linear(8, 2) for _ in range(2)])

    def forward(self, x):
        y = self.body(x) + torch.randn(8)
        return [head(y) for head in self.heads]


# tojax: init=() inputs=(float32[7, 5],)
class Other(Model):
    pass


def get_inputs():
    return [torch.randn(4, 5)]
""",
    JAX
    + """
class Model(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.body = nnx.Sequential(
            nnx.Linear(5, 8, rngs=rngs), jax.nn.relu, nnx.Dropout(0.3, rngs=rngs)
        )
        self.heads = nnx.List([nnx.Linear(8, 2, rngs=rngs) for _ in range(2)])
        self.rngs = rngs

    def __call__(self, x):
        y = self.body(x) + jax.random.normal(self.rngs(), (8,))
        return [head(y) for head in self.heads]


class Other(Model):
    pass
""",
)

FUNCTION = (
    TORCH
    + """
# tojax: inputs=(float32[4, 6], int64[4] < 6)
# tojax: init=()
def loss(logits, labels, scale=2.0):
    picked = logits.gather(1, labels[:, None]).squeeze(1)
    return (torch.logsumexp(logits, 1) - picked).mean() * scale


# tojax: inputs=dict(x=float32[3, 5], k=2)
def top(x, k):
    values, indices = x.topk(k, dim=1)
    return values, indices
""",
    JAX
    + """
def loss(logits, labels, scale=2.0):
    picked = jnp.take_along_axis(logits, labels[:, None], 1).squeeze(1)
    return (jax.scipy.special.logsumexp(logits, 1) - picked).mean() * scale


def top(x, k):
    values, indices = lax.top_k(x, k)
    return values, indices
""",
)

TRAINING = (
    TORCH
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(x)


def setup():
    model = Net()
    return model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), torch.randn(8, 4)


# tojax: inputs=setup()
def fit(model, optimizer, x):
    losses = []
    for step in range(4):
        optimizer.zero_grad()
        loss = (model(x) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    JAX
    + """
import optax


class Net(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.fc = nnx.Linear(4, 3, rngs=rngs)

    def __call__(self, x):
        return self.fc(x)


def setup(*, rngs: nnx.Rngs):
    model = Net(rngs=rngs)
    optimizer = nnx.Optimizer(model, optax.sgd(0.1, momentum=0.9), wrt=nnx.Param)
    return model, optimizer, jax.random.normal(rngs(), (8, 4))


@nnx.jit
def step(model, optimizer, x):
    loss, grads = nnx.value_and_grad(lambda m: (m(x) ** 2).mean())(model)
    optimizer.update(model, grads)
    return loss


def fit(model, optimizer, x):
    losses = []
    for _ in range(4):
        losses.append(step(model, optimizer, x).item())
    return losses
""",
)

RANDOM = (
    TORCH
    + """
def sample(weights, x):
    noise = torch.rand_like(x) * 2 - 1
    mask = torch.bernoulli(torch.full((3,), 0.25))
    order = torch.randperm(3)
    index = torch.multinomial(weights, 1)
    offset = torch.randint(2, 7, (3,))
    return (x + noise)[order] * mask, index, offset, F.gumbel_softmax(x)


def get_inputs():
    return [torch.rand(2, 5) + 0.1, torch.randn(3)]
""",
    JAX
    + """
def sample(weights, x, *, rngs: nnx.Rngs):
    noise = jax.random.uniform(rngs(), x.shape, minval=-1, maxval=1)
    mask = jax.random.bernoulli(rngs(), 0.25, (3,))
    order = jax.random.permutation(rngs(), 3)
    index = jax.random.categorical(rngs(), jnp.log(weights))[:, None]
    offset = jax.random.randint(rngs(), (3,), 2, 7)
    soft = jax.nn.softmax(x + jax.random.gumbel(rngs(), x.shape))
    return (x + noise)[order] * mask, index, offset, soft
""",
)

CLAMPED = (
    TORCH
    + """
class Power(nn.Module):
    def __init__(self):
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor(4.0))

    def forward(self, x):
        self.alpha.data = torch.clamp(self.alpha.data, 0.6, 0.8)
        return torch.pow(x, self.alpha)


def get_inputs():
    return [torch.rand(2, 3)]
""",
    JAX
    + """
class Power(nnx.Module):
    def __init__(self):
        self.alpha = nnx.Param(jnp.array(4.0))

    def __call__(self, x):
        self.alpha[...] = jnp.clip(self.alpha[...], 0.6, 0.8)
        return x ** self.alpha[...]
""",
)

MERGED_AXES = (
    TORCH
    + """
def noisy(x):
    return x + torch.rand(6, 4).view(2, 3, 4)


def get_inputs():
    return [torch.rand(2, 3, 4)]
""",
    JAX
    + """
def noisy(x, *, rngs: nnx.Rngs):
    return x + jax.random.uniform(rngs(), x.shape)
""",
)

CACHED = (
    TORCH
    + """
class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.mask = None

    def forward(self, x):
        if self.mask is None:
            self.mask = torch.tril(torch.ones(3, 3))
        return x @ self.mask * self.scale


def get_inputs():
    return [torch.randn(2, 3)]
""",
    JAX
    + """
class Masked(nnx.Module):
    def __init__(self):
        self.scale = nnx.Param(jnp.ones(3))
        self.mask = nnx.data(None)

    def __call__(self, x):
        if self.mask is None:
            self.mask = jnp.tril(jnp.ones((3, 3)))
        return x @ self.mask * self.scale[...]
""",
)

SAME = {
    "layer norm": NORM,
    "convolution, batch norm, dictionary": CONVOLUTION,
    "dropout, lists, two targets": DROPOUT,
    "functions with directives": FUNCTION,
    "training loop": TRAINING,
    "random draws": RANDOM,
    "draws with other axes in the same order": MERGED_AXES,
    "an array made in the first call": CACHED,
    "a parameter that is kept within bounds": CLAMPED,
}
