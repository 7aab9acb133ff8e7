"""Modules: PyTorch's, and what a JAX engineer writes for them, without imports."""

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
}
