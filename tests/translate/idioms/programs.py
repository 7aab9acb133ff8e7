"""Functions and classes: PyTorch's, and what a JAX engineer writes for them, without imports."""

PROGRAMS = {
    "MLP": (
        """
class MLP(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return self.fc2(self.dropout(x))
""",
        """
class MLP(nnx.Module):
    def __init__(self, dim, hidden, *, rngs: nnx.Rngs):
        self.fc1 = nnx.Linear(dim, hidden, rngs=rngs)
        self.fc2 = nnx.Linear(hidden, 1, rngs=rngs)
        self.dropout = nnx.Dropout(0.1, rngs=rngs)

    def __call__(self, x):
        x = jax.nn.relu(self.fc1(x))
        return self.fc2(self.dropout(x))
""",
    ),
    "Scale": (
        """
class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))
        self.register_buffer("steps", torch.zeros(n))

    def forward(self, x):
        return x * self.weight
""",
        """
class Scale(nnx.Module):
    def __init__(self, n):
        self.weight = nnx.Param(jnp.ones(n))
        self.steps = nnx.Variable(jnp.zeros(n))

    def __call__(self, x):
        return x * self.weight[...]
""",
    ),
    "Stack": (
        """
class Stack(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
""",
        """
class Stack(nnx.Module):
    def __init__(self, dim, depth, *, rngs: nnx.Rngs):
        self.layers = nnx.List([nnx.Linear(dim, dim, rngs=rngs) for _ in range(depth)])

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
""",
    ),
    "step": (
        """
def step(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()
""",
        """
def step(model: nnx.Module, optimizer: nnx.Optimizer, x: jax.Array, y: jax.Array):
    def loss_fn(model):
        loss = jnp.mean(jnp.square(model(x) - y))
        return loss

    loss, grads = nnx.value_and_grad(loss_fn)(model)
    optimizer.update(model, grads)
    return loss.item()
""",
    ),
    "evaluate": (
        """
def evaluate(model: nn.Module, x: torch.Tensor, y: torch.Tensor):
    model.eval()
    with torch.no_grad():
        accuracy = (model(x).argmax(dim=1) == y).float().mean()
    return accuracy.item()
""",
        """
def evaluate(model: nnx.Module, x: jax.Array, y: jax.Array):
    model.eval()
    accuracy = jnp.mean((jnp.argmax(model(x), axis=1) == y).astype(jnp.float32))
    return accuracy.item()
""",
    ),
    "sample": (
        """
def sample(n: int):
    torch.manual_seed(0)
    return torch.randn(n)
""",
        """
def sample(n: int):
    rngs = nnx.Rngs(0)
    return jax.random.normal(rngs(), n)
""",
    ),
    "update": (
        """
def update(x: torch.Tensor, mask: torch.Tensor, y: torch.Tensor):
    x[0] = 1.0
    x[:, 1] += y
    x[mask] = 0
    x[..., :2] *= 3
    return x
""",
        """
def update(x: jax.Array, mask: jax.Array, y: jax.Array):
    x = x.at[0].set(1.0)
    x = x.at[:, 1].add(y)
    x = x.at[mask].set(0)
    x = x.at[..., :2].multiply(3)
    return x
""",
    ),
    "in_place": (
        """
def in_place(x: torch.Tensor, y: torch.Tensor):
    x.add_(y)
    x.mul_(2)
    x.relu_()
    x += y
    return x
""",
        """
def in_place(x: jax.Array, y: jax.Array):
    x = x + y
    x = x * 2
    x = jax.nn.relu(x)
    x += y
    return x
""",
    ),
    "act": (
        """
@torch.compile
def act(x: torch.Tensor):
    return x * torch.sigmoid(x)
""",
        """
def act(x: jax.Array):
    return x * jax.nn.sigmoid(x)
""",
    ),
    "predict": (
        """
@torch.no_grad()
def predict(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    return model(x).softmax(dim=-1)
""",
        """
def predict(model: nnx.Module, x: jax.Array) -> jax.Array:
    return jax.nn.softmax(model(x))
""",
    ),
    "train": (
        """
def train(model: nn.Module, data):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in data:
        optimizer.zero_grad()
        loss = F.l1_loss(model(x), y)
        loss.backward()
        optimizer.step()
""",
        """
def train(model: nnx.Module, data):
    optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
    for x, y in data:
        def loss_fn(model):
            loss = jnp.mean(jnp.abs(model(x) - y))
            return loss

        loss, grads = nnx.value_and_grad(loss_fn)(model)
        optimizer.update(model, grads)
""",
    ),
    "penalty": (
        """
def penalty(model: nn.Module, x: torch.Tensor):
    def f(x: torch.Tensor):
        return model(x).sum()
    return torch.func.grad(f)(x)
""",
        """
def penalty(model: nnx.Module, x: jax.Array):
    def f(x: jax.Array):
        return jnp.sum(model(x))
    return jax.grad(f)(x)
""",
    ),
    "per_sample": (
        """
def per_sample(f, params, x: torch.Tensor, y: torch.Tensor):
    return torch.func.vmap(torch.func.grad(f), in_dims=(None, 0, 0))(params, x, y)
""",
        """
def per_sample(f, params, x: jax.Array, y: jax.Array):
    return jax.vmap(jax.grad(f), in_axes=(None, 0, 0))(params, x, y)
""",
    ),
    "ema": (
        """
def ema(x: torch.Tensor, y: torch.Tensor):
    return x.mul_(0.9).add_(y, alpha=0.1)
""",
        """
def ema(x: jax.Array, y: jax.Array):
    return x * 0.9 + 0.1 * y
""",
    ),
    "loop": (
        """
def loop(xs: torch.Tensor):
    out = []
    for x in xs:
        out.append(x.tanh())
    return torch.stack(out)
""",
        """
def loop(xs: jax.Array):
    out = []
    for x in xs:
        out.append(jnp.tanh(x))
    return jnp.stack(out)
""",
    ),
    "mask": (
        """
def mask(n: int, device: torch.device):
    m = torch.triu(torch.ones(n, n, dtype=torch.bool, device=device), diagonal=1)
    return m
""",
        """
def mask(n: int, device: jax.Device):
    m = jnp.triu(jnp.ones((n, n), dtype=bool), k=1)
    return m
""",
    ),
    "attention": (
        """
def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor):
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
    return scores.softmax(dim=-1) @ v
""",
        """
def attention(q: jax.Array, k: jax.Array, v: jax.Array):
    scores = q @ jnp.swapaxes(k, -2, -1) / math.sqrt(q.shape[-1])
    return jax.nn.softmax(scores) @ v
""",
    ),
    "split_heads": (
        """
def split_heads(x: torch.Tensor, h: int):
    b, t, d = x.shape
    return x.view(b, t, h, d // h).transpose(1, 2)
""",
        """
def split_heads(x: jax.Array, h: int):
    b, t, d = x.shape
    return jnp.swapaxes(x.reshape(b, t, h, d // h), 1, 2)
""",
    ),
    "pairs": (
        """
def pairs(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    values, indices = x.topk(2)
    return values, indices
""",
        """
def pairs(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    values, indices = lax.top_k(x, 2)
    return values, indices
""",
    ),
    "to_device": (
        """
def to_device(batch: dict[str, torch.Tensor], device: torch.device):
    return {key: value.to(device) for key, value in batch.items()}
""",
        """
def to_device(batch: dict[str, jax.Array], device: jax.Device):
    return {key: value for key, value in batch.items()}
""",
    ),
    "check": (
        """
def check(x):
    if isinstance(x, torch.Tensor):
        return x.detach()
    return torch.as_tensor(x, dtype=torch.float32)
""",
        """
def check(x):
    if isinstance(x, jax.Array):
        return jax.lax.stop_gradient(x)
    return jnp.asarray(x, dtype=jnp.float32)
""",
    ),
    "Noise": (
        """
class Noise(nn.Module):
    def forward(self, x):
        if self.training:
            x = x + torch.randn_like(x)
        return x
""",
        """
class Noise(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.rngs = rngs

    deterministic = False

    def __call__(self, x):
        if not self.deterministic:
            x = x + jax.random.normal(self.rngs(), x.shape, x.dtype)
        return x
""",
    ),
    "Emb": (
        """
class Emb(nn.Module):
    def __init__(self, n: int, d: int):
        super().__init__()
        self.tok = nn.Embedding(n, d)
        self.pos = nn.Parameter(torch.zeros(1, n, d))

    def forward(self, idx):
        return self.tok(idx) + self.pos[:, : idx.size(1)]
""",
        """
class Emb(nnx.Module):
    def __init__(self, n: int, d: int, *, rngs: nnx.Rngs):
        self.tok = nnx.Embed(n, d, rngs=rngs)
        self.pos = nnx.Param(jnp.zeros((1, n, d)))

    def __call__(self, idx):
        return self.tok(idx) + self.pos[:, : idx.shape[1]]
""",
    ),
    "reparam": (
        """
def reparam(mu: torch.Tensor, logvar: torch.Tensor):
    std = torch.exp(0.5 * logvar)
    return mu + std * torch.randn_like(std)
""",
        """
def reparam(mu: jax.Array, logvar: jax.Array, *, rngs: nnx.Rngs):
    std = jnp.exp(0.5 * logvar)
    return mu + std * jax.random.normal(rngs(), std.shape, std.dtype)
""",
    ),
    "rms": (
        """
def rms(x: torch.Tensor, w: torch.Tensor, eps: float = 1e-6):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * w
""",
        """
def rms(x: jax.Array, w: jax.Array, eps: float = 1e-6):
    return x * jax.lax.rsqrt(jnp.mean(x ** 2, axis=-1, keepdims=True) + eps) * w
""",
    ),
    "rotate": (
        """
def rotate(x: torch.Tensor):
    x1, x2 = x[..., ::2], x[..., 1::2]
    return torch.stack((-x2, x1), dim=-1).flatten(-2)
""",
        """
def rotate(x: jax.Array):
    x1, x2 = x[..., ::2], x[..., 1::2]
    return lax.collapse(jnp.stack((-x2, x1), axis=-1), -2)
""",
    ),
    "kl": (
        """
def kl(mu: torch.Tensor, logvar: torch.Tensor):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
""",
        """
def kl(mu: jax.Array, logvar: jax.Array):
    return -0.5 * jnp.sum(1 + logvar - mu ** 2 - jnp.exp(logvar))
""",
    ),
    "contrastive": (
        """
def contrastive(x: torch.Tensor, y: torch.Tensor, temperature: float):
    logits = x @ y.t() / temperature
    labels = torch.arange(x.size(0), device=x.device)
    return (logits.log_softmax(dim=1)[labels, labels]).mean().neg()
""",
        """
def contrastive(x: jax.Array, y: jax.Array, temperature: float):
    logits = x @ y.T / temperature
    labels = jnp.arange(x.shape[0])
    return -jnp.mean(jax.nn.log_softmax(logits, axis=1)[labels, labels])
""",
    ),
    "drop_path": (
        """
def drop_path(x: torch.Tensor, keep: float, training: bool):
    if not training:
        return x
    shape = (x.shape[0],) + (1,) * (x.ndim - 1)
    return x * x.new_empty(shape).bernoulli_(keep).div_(keep)
""",
        """
def drop_path(x: jax.Array, keep: float, training: bool, *, rngs: nnx.Rngs):
    if not training:
        return x
    shape = (x.shape[0],) + (1,) * (x.ndim - 1)
    return x * (jax.random.bernoulli(rngs(), keep, shape).astype(x.dtype) / keep)
""",
    ),
    "diffusion": (
        """
def diffusion(x: torch.Tensor, t: torch.Tensor, alphas: torch.Tensor):
    noise = torch.randn_like(x)
    a = alphas[t].view(-1, 1, 1, 1)
    return a.sqrt() * x + (1 - a).sqrt() * noise, noise
""",
        """
def diffusion(x: jax.Array, t: jax.Array, alphas: jax.Array, *, rngs: nnx.Rngs):
    noise = jax.random.normal(rngs(), x.shape, x.dtype)
    a = alphas[t].reshape(-1, 1, 1, 1)
    return jnp.sqrt(a) * x + jnp.sqrt(1 - a) * noise, noise
""",
    ),
    "posemb": (
        """
def posemb(t: int, d: int):
    pos = torch.arange(t).float().unsqueeze(1)
    freq = torch.exp(torch.arange(0, d, 2) * (-math.log(10000.0) / d))
    out = torch.zeros(t, d)
    out[:, 0::2] = torch.sin(pos * freq)
    out[:, 1::2] = torch.cos(pos * freq)
    return out
""",
        """
def posemb(t: int, d: int):
    pos = jnp.expand_dims(jnp.arange(t).astype(jnp.float32), 1)
    freq = jnp.exp(jnp.arange(0, d, 2) * (-math.log(10000.0) / d))
    out = jnp.zeros((t, d))
    out = out.at[:, 0::2].set(jnp.sin(pos * freq))
    out = out.at[:, 1::2].set(jnp.cos(pos * freq))
    return out
""",
    ),
    "causal": (
        """
def causal(scores: torch.Tensor):
    t = scores.size(-1)
    mask = torch.ones(t, t, dtype=torch.bool, device=scores.device).tril()
    return scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)
""",
        """
def causal(scores: jax.Array):
    t = scores.shape[-1]
    mask = jnp.tril(jnp.ones((t, t), dtype=bool))
    return jax.nn.softmax(jnp.where(~mask, float("-inf"), scores))
""",
    ),
    "Cell": (
        """
class Cell(nn.Module):
    def __init__(self, d: int):
        super().__init__()
        self.w = nn.Parameter(torch.empty(d, d))
        nn.init.normal_(self.w, std=0.02)
        self.norm = nn.LayerNorm(d)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(torch.tanh(x @ self.w))
""",
        """
class Cell(nnx.Module):
    def __init__(self, d: int, *, rngs: nnx.Rngs):
        self.w = nnx.Param(jnp.empty((d, d)))
        self.w[...] = 0.02 * jax.random.normal(rngs(), self.w.shape, self.w.dtype)
        self.norm = nnx.LayerNorm(d, epsilon=1e-5, use_fast_variance=False, rngs=rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.norm(jnp.tanh(x @ self.w[...]))
""",
    ),
    "jac": (
        """
def jac(f, x: torch.Tensor, v: torch.Tensor):
    value, tangent = torch.func.jvp(f, (x,), (v,))
    hessian = torch.func.jacfwd(torch.func.jacrev(f))(x)
    return value, tangent, hessian
""",
        """
def jac(f, x: jax.Array, v: jax.Array):
    value, tangent = jax.jvp(f, (x,), (v,))
    hessian = jax.jacfwd(jax.jacrev(f))(x)
    return value, tangent, hessian
""",
    ),
    "draw": (
        """
def draw(seed: int, n: int):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, generator=generator)
""",
        """
def draw(seed: int, n: int):
    generator = nnx.Rngs(seed)
    return jax.random.uniform(generator(), n)
""",
    ),
    "gate": (
        """
def gate(x: torch.Tensor):
    value, gate = x.chunk(2, dim=-1)
    return value * torch.sigmoid(gate)
""",
        """
def gate(x: jax.Array):
    value, gate = jnp.split(x, 2, axis=-1)
    return value * jax.nn.sigmoid(gate)
""",
    ),
}
