import jax


def f(x: jax.Array) -> jax.Array:
    import torch  # TODO(tojax): TJ200 still needed by what is unresolved
    y = torch.frobnicate(  # TODO(tojax): TJ201 no rule for torch.frobnicate
        x,
        2,
    )  # keep me
    import torch.nn.functional as F  # TODO(tojax): TJ200 still needed by what is unresolved
    return F.nonsense(y) + x.shape[0]  # TODO(tojax): TJ201 no rule for torch.nn.functional.nonsense
