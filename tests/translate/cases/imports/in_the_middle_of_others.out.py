import os
import jax
import sys
import numpy as np
from pathlib import Path


def f(x: jax.Array) -> jax.Array:
    return jax.nn.relu(x) + np.pi
