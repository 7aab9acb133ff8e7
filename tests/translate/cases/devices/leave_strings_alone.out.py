import argparse

import jax.numpy as jnp

parser = argparse.ArgumentParser()
parser.add_argument("--device", default="cpu")
args = parser.parse_args([])
x = jnp.zeros(3)
print(f"running on {args.device}", x.shape)
