"""Common PyTorch expressions, and what a JAX engineer writes for them."""

from __future__ import annotations

import ast
import functools

import pytest

from tojax.translate import translate

_HEADER = "import torch\nimport torch.nn.functional as F\n"
_PARAMETERS = (
    "x: torch.Tensor, y: torch.Tensor, z: torch.Tensor, idx: torch.Tensor, m: torch.Tensor, "
    "w: torch.Tensor, bias: torch.Tensor, b: int, n: int"
)

SHAPES = {
    "x.view(b, -1)": "x.reshape(b, -1)",
    "x.view(x.size(0), -1)": "x.reshape(x.shape[0], -1)",
    "x.view(b, n, 4, -1).transpose(1, 2)": "jnp.swapaxes(x.reshape(b, n, 4, -1), 1, 2)",
    "x.reshape((b, n))": "x.reshape((b, n))",
    "x.view_as(y)": "x.reshape(y.shape)",
    "x.flatten()": "x.ravel()",
    "x.flatten(1)": "lax.collapse(x, 1)",
    "torch.flatten(x, start_dim=2)": "lax.collapse(x, 2)",
    "torch.flatten(torch.relu(x), 1)": "lax.collapse(jax.nn.relu(x), 1)",
    "x.permute(0, 2, 1)": "x.transpose(0, 2, 1)",
    "x.permute(0, 2, 3, 1).contiguous()": "x.transpose(0, 2, 3, 1)",
    "x.transpose(-2, -1)": "jnp.swapaxes(x, -2, -1)",
    "x.t()": "x.T",
    "x.mT": "x.mT",
    "x.unsqueeze(1)": "jnp.expand_dims(x, 1)",
    "x.squeeze()": "jnp.squeeze(x)",
    "x.expand(4, 6, 3)": "jnp.broadcast_to(x, (4, 6, 3))",
    "x.expand_as(y)": "jnp.broadcast_to(x, y.shape)",
    "x.repeat(1, 2)": "jnp.tile(x, (1, 2))",
    "x.repeat_interleave(2, dim=1)": "jnp.repeat(x, 2, axis=1)",
    "x.size(1)": "x.shape[1]",
    "x.size()": "x.shape",
    "x.numel()": "x.size",
    "x.dim()": "x.ndim",
    "torch.cat([x, y], dim=1)": "jnp.concatenate([x, y], axis=1)",
    "torch.cat((x, y))": "jnp.concatenate((x, y))",
    "torch.stack([x, y], dim=-1)": "jnp.stack([x, y], axis=-1)",
    "x.chunk(2, dim=-1)": "jnp.split(x, 2, axis=-1)",
    "x.unbind(1)": "jnp.unstack(x, axis=1)",
    "torch.split(x, [3, 5], dim=1)": "jnp.split(x, [3], axis=1)",
    "torch.flip(x, dims=(1,))": "jnp.flip(x, axis=(1,))",
    "torch.roll(x, shifts=(1, -1), dims=(1, 2))": "jnp.roll(x, (1, -1), axis=(1, 2))",
    "torch.movedim(x, 1, -1)": "jnp.moveaxis(x, 1, -1)",
    "x.diagonal(dim1=-2, dim2=-1)": "jnp.diagonal(x, axis1=-2, axis2=-1)",
    "x.tile((2, 1))": "jnp.tile(x, (2, 1))",
}
REDUCTIONS = {
    "x.mean(1)": "jnp.mean(x, axis=1)",
    "x.mean(dim=(2, 3), keepdim=True)": "jnp.mean(x, axis=(2, 3), keepdims=True)",
    "x.sum()": "jnp.sum(x)",
    "torch.sum(x, dim=-1)": "jnp.sum(x, axis=-1)",
    "x.max()": "jnp.max(x)",
    "x.max(dim=1)[0]": "jnp.max(x, axis=1)",
    "x.max(1).values": "jnp.max(x, axis=1)",
    "x.min(dim=1).indices": "jnp.argmin(x, axis=1)",
    "torch.max(x, dim=1)[1]": "jnp.argmax(x, axis=1)",
    "torch.max(x, y)": "jnp.maximum(x, y)",
    "x.argmax(dim=-1)": "jnp.argmax(x, axis=-1)",
    "x.amax(dim=1, keepdim=True)": "jnp.max(x, axis=1, keepdims=True)",
    "x.std(dim=0)": "jnp.std(x, axis=0, ddof=1)",
    "x.std()": "jnp.std(x, ddof=1)",
    "x.var(1, unbiased=False)": "jnp.var(x, axis=1)",
    "x.norm(dim=-1)": "jnp.linalg.norm(x, axis=-1)",
    "torch.logsumexp(x, dim=1)": "jax.nn.logsumexp(x, axis=1)",
    "x.cumsum(dim=1)": "jnp.cumsum(x, axis=1)",
    "x.prod()": "jnp.prod(x)",
    "m.any(dim=1)": "jnp.any(m, axis=1)",
    "torch.all(m)": "jnp.all(m)",
    "x.sort(dim=1).values": "jnp.sort(x, axis=1)",
    "x.argsort(dim=1)": "jnp.argsort(x, axis=1)",
    "x.topk(5, dim=-1)": "lax.top_k(x, 5)",
    "x.eq(y).float().mean()": "jnp.mean((x == y).astype(jnp.float32))",
    "(x == y).sum().item()": "jnp.sum(x == y).item()",
}
ELEMENTWISE = {
    "x.float()": "x.astype(jnp.float32)",
    "x.long()": "x.astype(int)",
    "x.to(torch.bfloat16)": "x.astype(jnp.bfloat16)",
    "x.to(y.dtype)": "x.astype(y.dtype)",
    'x.to("cuda")': "x",
    "x.clone()": "x",
    "x.detach()": "jax.lax.stop_gradient(x)",
    "x.detach().cpu().numpy()": "np.asarray(jax.lax.stop_gradient(x))",
    "x.clamp(min=0)": "jnp.clip(x, min=0)",
    "x.masked_fill(m == 0, -1e9)": "jnp.where(m == 0, -1e9, x)",
    "torch.where(m, x, y)": "jnp.where(m, x, y)",
    "x.index_select(0, idx)": "jnp.take(x, idx, axis=0)",
    "x[[0, 2]]": "x[jnp.array([0, 2])]",
    "x[:, [0, 2]]": "x[:, [0, 2]]",
    "x.index_add(0, idx, y)": "x.at[idx].add(y)",
    "x.exp()": "jnp.exp(x)",
    "x.rsqrt()": "jax.lax.rsqrt(x)",
    "x.pow(2)": "x ** 2",
    "x.sigmoid()": "jax.nn.sigmoid(x)",
    "torch.add(x, y, alpha=2)": "x + 2 * y",
    "torch.div(x, y)": "x / y",
    "torch.floor_divide(x, y)": "x // y",
    "torch.outer(x, y)": "jnp.outer(x, y)",
    "torch.atan2(x, y)": "jnp.arctan2(x, y)",
    "torch.bmm(x, y)": "x @ y",
    "x.matmul(y.transpose(-2, -1))": "x @ jnp.swapaxes(y, -2, -1)",
    "torch.addmm(z, x, y)": "z + x @ y",
    'torch.einsum("bij,bjk->bik", x, y)': 'jnp.einsum("bij,bjk->bik", x, y)',
    "torch.linalg.inv(x)": "jnp.linalg.inv(x)",
    "torch.fft.rfft(x, dim=-1)": "jnp.fft.rfft(x)",
    "torch.fft.fft2(x)": "jnp.fft.fft2(x)",
}
CREATION = {
    "torch.arange(n, device=x.device)": "jnp.arange(n)",
    "torch.arange(0, n, dtype=torch.float32)": "jnp.arange(0, n, dtype=jnp.float32)",
    "torch.zeros(b, n, device=x.device)": "jnp.zeros((b, n))",
    "torch.zeros(b, n, dtype=x.dtype)": "jnp.zeros((b, n), dtype=x.dtype)",
    "torch.ones(n)": "jnp.ones(n)",
    "torch.full((b, n), 0.5)": "jnp.full((b, n), 0.5)",
    "torch.zeros_like(x)": "jnp.zeros_like(x)",
    "x.new_zeros(b, n)": "jnp.zeros((b, n), dtype=x.dtype)",
    "torch.eye(n)": "jnp.eye(n)",
    "torch.linspace(0, 1, n)": "jnp.linspace(0, 1, n)",
    "torch.tensor([1.0, 2.0])": "jnp.array([1.0, 2.0])",
    "torch.tril(torch.ones(n, n))": "jnp.tril(jnp.ones((n, n)))",
    "torch.triu(x, diagonal=1)": "jnp.triu(x, k=1)",
    'torch.meshgrid(x, y, indexing="ij")': 'jnp.meshgrid(x, y, indexing="ij")',
    "torch.randn(b, n)": "jax.random.normal(rngs(), (b, n))",
    "torch.rand(b, 1)": "jax.random.uniform(rngs(), (b, 1))",
    "torch.randn_like(x)": "jax.random.normal(rngs(), x.shape, x.dtype)",
    "torch.randperm(n)": "jax.random.permutation(rngs(), n)",
    "torch.finfo(x.dtype).min": "jnp.finfo(x.dtype).min",
}
NETWORK = {
    "F.relu(x, inplace=True)": "jax.nn.relu(x)",
    "F.gelu(x)": "jax.nn.gelu(x, approximate=False)",
    'F.gelu(x, approximate="tanh")': "jax.nn.gelu(x)",
    "F.silu(x)": "jax.nn.silu(x)",
    "F.softmax(x, dim=-1)": "jax.nn.softmax(x)",
    "F.log_softmax(x, dim=1)": "jax.nn.log_softmax(x, axis=1)",
    "F.glu(x, dim=1)": "jax.nn.glu(x, axis=1)",
    "F.linear(x, w, bias)": "x @ w.T + bias",
    "F.embedding(idx, w)": "w[idx]",
    "F.one_hot(idx, num_classes=10)": "jax.nn.one_hot(idx, 10, dtype=int)",
    "F.mse_loss(x, y)": "jnp.mean(jnp.square(x - y))",
    'F.l1_loss(x, y, reduction="sum")': "jnp.sum(jnp.abs(x - y))",
    "F.smooth_l1_loss(x, y)": "jnp.mean(optax.huber_loss(x, y))",
    "F.binary_cross_entropy_with_logits(x, y)": (
        "jnp.mean(optax.sigmoid_binary_cross_entropy(x, y))"
    ),
    "F.adaptive_avg_pool2d(x, 1)": "jnp.mean(x, axis=(-2, -1), keepdims=True)",
    "F.dropout(x, p=0.5, training=False)": "x",
}
PAIRS = SHAPES | REDUCTIONS | ELEMENTWISE | CREATION | NETWORK


@functools.cache
def _translated() -> dict[str, str]:
    """PyTorch expression → its translation; all of them in one file."""
    functions = [
        f"\n\ndef f{number}({_PARAMETERS}):\n    return {expression}\n"
        for number, expression in enumerate(PAIRS)
    ]
    translation = translate(_HEADER + "".join(functions))
    assert not translation.unresolved
    returned = {
        node.name: ast.get_source_segment(translation.code, node.body[0].value)
        for node in ast.parse(translation.code).body
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], ast.Return)
        if node.body[0].value is not None
    }
    return {expression: returned[f"f{i}"] or "" for i, expression in enumerate(PAIRS)}


@pytest.mark.parametrize("expression", PAIRS)
def test_reads_as_jax(expression: str) -> None:
    assert _translated()[expression] == PAIRS[expression]


def test_nothing_of_pytorch_is_left() -> None:
    translation = translate(
        "import torch\n\n\n"
        "def f(x: torch.Tensor):\n    return torch.relu(x.view(2, -1)).max(1)[0]\n"
    )
    assert translation.code == (
        "import jax\nimport jax.numpy as jnp\n\n\n"
        "def f(x: jax.Array):\n    return jnp.max(jax.nn.relu(x.reshape(2, -1)), axis=1)\n"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("best, _ = x.max(1)", "best = jnp.max(x, axis=1)"),
        ("_, places = torch.max(x, dim=1)", "places = jnp.argmax(x, axis=1)"),
        ("found = x.sort(1); best = found.values", "best = found[0]"),
    ],
)
def test_only_the_result_that_is_used(source: str, expected: str) -> None:
    code = translate(f"import torch\n\n\ndef f(x: torch.Tensor):\n    {source}\n").code
    assert code.rstrip().endswith(expected)
