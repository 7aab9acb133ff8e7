"""Steps of training and what surrounds them: PyTorch's, and a JAX engineer's, without imports."""

PROGRAMS = {
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
}
