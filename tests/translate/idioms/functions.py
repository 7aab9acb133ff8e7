"""Functions of arrays: PyTorch's, and what a JAX engineer writes for them, without imports."""

PROGRAMS = {
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
    "heads": (
        """
def heads(x: torch.Tensor, h: int):
    q, k, v = map(lambda t: t.view(*t.shape[:2], h, -1), x.chunk(3, dim=-1))
    return q, k, v
""",
        """
def heads(x: jax.Array, h: int):
    q, k, v = map(lambda t: t.reshape(*t.shape[:2], h, -1), jnp.split(x, 3, axis=-1))
    return q, k, v
""",
    ),
}
