import re

import jax.numpy as jnp

PATTERNS = [(re.compile(r"norm(\d)"), r"ln_\1")]


def rename(state_dict, table):
    prefix = re.compile(r"^module\.")
    out = {}
    for k, v in state_dict.items():
        k = prefix.sub("", k)
        for pattern, replacement in PATTERNS:
            k = pattern.sub(replacement, k)
        for find, replacement in table:
            k = find.sub(replacement, k)
        out[k] = jnp.expand_dims(v, 0) if v.ndim == 1 else v
    return out


def strip(key, pattern):
    return pattern.sub("", key, count=1)


def minus(x, y):
    return x - 2 * y
