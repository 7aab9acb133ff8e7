"""Layers, losses and training: PyTorch's, and what a JAX engineer writes for them."""

FUNCTIONAL = {
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
    "F.linear(x, w)": "x @ w.T",
    "F.selu(x)": "jax.nn.selu(x)",
    "F.mish(x)": "jax.nn.mish(x)",
    "F.softplus(x)": "jax.nn.softplus(x)",
    "F.logsigmoid(x)": "jax.nn.log_sigmoid(x)",
    "F.tanh(x)": "jnp.tanh(x)",
    "F.rms_norm(x, (n,), w, 1e-6)": (
        "x * lax.rsqrt(jnp.mean(jnp.square(x), axis=-1, keepdims=True) + 1e-6) * w"
    ),
}
LOSSES = {
    "F.huber_loss(x, y)": "jnp.mean(optax.huber_loss(x, y))",
    'F.mse_loss(x, y, reduction="none")': "jnp.square(x - y)",
    "F.l1_loss(x, y)": "jnp.mean(jnp.abs(x - y))",
    "F.poisson_nll_loss(x, y)": "jnp.mean(jnp.exp(x) - y * x)",
    "F.soft_margin_loss(x, y)": "jnp.mean(jax.nn.softplus(-y * x))",
    'F.kl_div(x, y, reduction="batchmean")': (
        "jnp.sum(jax.scipy.special.xlogy(y, y) - y * x) / x.shape[0]"
    ),
}
LAYERS = {
    "nn.Linear(3, 4)": "nnx.Linear(3, 4, rngs=rngs)",
    "nn.Linear(3, 4, bias=False)": "nnx.Linear(3, 4, use_bias=False, rngs=rngs)",
    "nn.Embedding(10, 4)": "nnx.Embed(10, 4, rngs=rngs)",
    "nn.Dropout(0.1)": "nnx.Dropout(0.1, rngs=rngs)",
    "nn.LayerNorm(4)": ("nnx.LayerNorm(4, epsilon=1e-5, use_fast_variance=False, rngs=rngs)"),
    "nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))": (
        "nnx.Sequential(nnx.Linear(3, 4, rngs=rngs), jax.nn.relu, nnx.Linear(4, 1, rngs=rngs))"
    ),
    "nn.ModuleList([nn.Linear(3, 4) for _ in range(n)])": (
        "nnx.List([nnx.Linear(3, 4, rngs=rngs) for _ in range(n)])"
    ),
    'nn.ModuleDict({"a": nn.Linear(3, 4)})': 'nnx.Dict({"a": nnx.Linear(3, 4, rngs=rngs)})',
    "nn.ReLU(inplace=True)": "jax.nn.relu",
    "nn.GELU()": "functools.partial(jax.nn.gelu, approximate=False)",
    "nn.Softmax(dim=-1)": "jax.nn.softmax",
    "nn.Identity()": "jax.nn.identity",
    "nn.Parameter(torch.zeros(n))": "nnx.Param(jnp.zeros(n))",
    "nn.Parameter(torch.randn(n, 4) * 0.02)": (
        "nnx.Param(jax.random.normal(rngs(), (n, 4)) * 0.02)"
    ),
    "nn.Parameter(torch.empty(n, 4).uniform_(-1, 1))": (
        "nnx.Param(jax.random.uniform(rngs(), (n, 4), minval=-1))"
    ),
    "isinstance(x, torch.Tensor)": "isinstance(x, jax.Array)",
    "isinstance(model, nn.Linear)": "isinstance(model, nnx.Linear)",
    "x.dtype == torch.float32": "x.dtype == jnp.float32",
}
TRAINING = {
    "torch.optim.SGD(model.parameters(), lr=0.1)": (
        "nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)"
    ),
    "torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)": (
        "nnx.Optimizer(model, optax.sgd(0.1, momentum=0.9), wrt=nnx.Param)"
    ),
    "torch.optim.Adam(model.parameters(), lr=1e-3)": (
        "nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)"
    ),
    "torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)": (
        "nnx.Optimizer(model, optax.adamw(1e-3, weight_decay=0.1), wrt=nnx.Param)"
    ),
    "torch.func.grad(f)(x)": "jax.grad(f)(x)",
    "torch.func.grad(f, argnums=1)(x, y)": "jax.grad(f, argnums=1)(x, y)",
    "torch.func.vmap(f)(x)": "jax.vmap(f)(x)",
    "torch.vmap(f, in_dims=(0, None))(x, y)": "jax.vmap(f, in_axes=(0, None))(x, y)",
    "torch.func.vmap(torch.func.grad(f), in_dims=(None, 0))(x, y)": (
        "jax.vmap(jax.grad(f), in_axes=(None, 0))(x, y)"
    ),
    "torch.func.jacrev(f)(x)": "jax.jacrev(f)(x)",
    "torch.func.jacfwd(f)(x)": "jax.jacfwd(f)(x)",
    "torch.func.hessian(f)(x)": "jax.hessian(f)(x)",
    "torch.func.vjp(f, x)": "jax.vjp(f, x)",
    "torch.func.jvp(f, (x,), (y,))": "jax.jvp(f, (x,), (y,))",
    "torch.autograd.functional.jacobian(f, x)": "jax.jacrev(f)(x)",
    "torch.autograd.functional.jvp(f, x, y)": "jax.jvp(f, (x,), (y,))",
    "torch.compile(f)(x)": "f(x)",
    "torch.cuda.is_available()": 'jax.default_backend() == "gpu"',
    "torch.cuda.device_count()": "jax.device_count()",
    'torch.device("cuda" if torch.cuda.is_available() else "cpu")': "jax.devices()[0]",
    'model.to("cuda")': "model",
}
