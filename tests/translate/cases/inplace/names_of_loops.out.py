from collections.abc import Iterable

import jax
import jax.numpy as jnp


def cut(net, loader: Iterable, order, optimizer):
    for i, batch in enumerate(loader):
        x, y = batch["image"], batch["label"]
        x = x.at[:, :2].set(x[order, :2])
        loss = jnp.mean(jnp.abs(net(x) - y))
        print(loss)


def rounds(xs, n):
    for x in xs:
        for _ in range(n):
            y = x[0]
            print(jnp.sum(y))
            y.mul_(2)  # TODO(tojax): TJ203 writes through a view of 'x', which is used again


def twice(x: jax.Array):
    rows = [x[0], x[1]]
    for row in rows:
        print(jnp.sum(row))
    x.add_(1)  # TODO(tojax): TJ203 'rows' shows the same memory, and is used again
    for row in rows:
        print(jnp.sum(row))
    return x


def views(x: jax.Array):
    for row in x:
        print(jnp.sum(row))
    x = x + 1
    for row in x:
        print(jnp.sum(row))
    return x


def kept(loader: Iterable):
    last = None
    for batch in loader:
        x = batch["image"]
        if last is not None:
            print(jnp.sum(last))
        last = x
        x[0] = 0  # TODO(tojax): TJ203 'last' shows the same memory, and is used again
        print(jnp.sum(x))
