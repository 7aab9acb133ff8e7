"""Architectures of timm, migrated and compared with PyTorch's: outputs and gradients.

python tests/benchmarks/architectures.py [--cache FOLDER] [--jobs N] [ARCHITECTURE …]

timm is downloaded and migrated as the project that it is. Each architecture is then built twice, in
a process of its own each: by PyTorch, where every parameter and buffer is moved off its initial
value (zeros hide mistakes), and in JAX, which loads PyTorch's state dict. Both compute in float64,
in eval mode, the output and the gradients by the image and by all parameters; they agree if no
number is off by more than a millionth of the largest of its array. There are two images: with one
alone, PyTorch 2.13 gets gradients of batch normalisation on a CPU wrong where what it is given is
transposed (finite differences agree with JAX). timm imports torchvision, which does not matter
here: a stub stands for it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):  # run as a file
    sys.path[:0] = [str(Path(__file__).parents[2] / name) for name in (".", "server")]

from tests.benchmarks.real_code import CACHE, PACKAGES

# Name and height of the image, one line for each family.
ARCHITECTURES = dict(
    line.split()
    for line in """\
    resnet10t 64
    resnet18 64
    resnext50_32x4d 64
    seresnet18 64
    skresnet18 64
    resnetv2_50 64
    regnetx_002 64
    regnety_002 64
    mobilenetv2_035 64
    mobilenetv3_small_050 64
    mobilenetv4_conv_small_035 64
    efficientnet_b0 64
    tf_efficientnet_lite0 64
    mnasnet_050 64
    ghostnet_050 64
    hardcorenas_a 64
    lcnet_035 64
    rexnet_100 64
    densenet121 64
    vgg11_bn 64
    dla34 64
    hrnet_w18_small 64
    dpn48b 64
    darknet17 64
    cspresnet50 64
    selecsls42 64
    res2net50_14w_8s 64
    repvgg_a0 64
    mobileone_s0 64
    hgnet_tiny 64
    inception_v3 128
    xception41 64
    nf_resnet26 64
    convnext_atto 64
    convnextv2_atto 64
    inception_next_atto 64
    mambaout_femto 64
    starnet_s1 64
    repvit_m0_9 64
    edgenext_xx_small 64
    poolformer_s12 64
    pvt_v2_b0 64
    mobilevit_xxs 64
    focalnet_tiny_srf 64
    efficientvit_b0 64
    vit_tiny_patch16_224 224
    deit_tiny_patch16_224 224
    eva02_tiny_patch14_224 224
    beit_base_patch16_224 224
    cait_xxs24_224 224
    xcit_nano_12_p16_224 224
    pit_ti_224 224
    tnt_s_patch16_224 224
    swin_tiny_patch4_window7_224 224
    mixer_s32_224 224
    gmlp_ti16_224 224
    resmlp_12_224 224
    levit_128s 224
    coat_tiny 224
    convit_tiny 224
    visformer_tiny 224
    crossvit_tiny_240 240
    """.splitlines()
    if line.strip()
)
LIMIT = 1e-6
_SECONDS = 1500
# Each program runs once: compiling it well would take longer than running it.
_ENVIRONMENT = os.environ | {"XLA_FLAGS": "--xla_backend_optimization_level=0"}
_STUB = '''\
class _Placeholder:
    """Stands for whatever torchvision defines."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (_Placeholder,), {"BICUBIC": 1, "BILINEAR": 2, "NEAREST": 3, "BOX": 4,
                                         "HAMMING": 5, "LANCZOS": 6})
'''
_STUBS = ("", "transforms", "transforms/functional", "datasets", "ops", "ops/misc", "models")

_TORCH = """
import json, sys
import numpy as np, torch, timm
name, size, folder = sys.argv[1:]
torch.manual_seed(0)
model = timm.create_model(name).double().eval()
with torch.no_grad():
    for key, value in model.state_dict().items():
        if value.is_floating_point():
            value.add_(0.05 * torch.randn_like(value))
            if key.endswith("running_var"):
                value.abs_().add_(0.5)
x = torch.randn(2, 3, int(size), int(size), dtype=torch.float64, requires_grad=True)
y = model(x)
by = torch.randn_like(y)
parameters = dict(model.named_parameters(remove_duplicate=False))
gradients = torch.autograd.grad((y * by).sum(), [x, *parameters.values()], allow_unused=True)
found = {f"gradient/{k}": torch.zeros_like(p) if g is None else g
         for (k, p), g in zip(parameters.items(), gradients[1:])}
state = {f"state/{key}": value for key, value in model.state_dict().items()}
arrays = {"x": x, "y": y, "by": by, "gx": gradients[0], **found, **state}
np.savez(f"{folder}/{name}.npz", **{key: value.detach().numpy() for key, value in arrays.items()})
"""
_JAX = """
import json, sys
import jax, numpy as np
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
from flax import nnx
import timm, tojax
name, folder = sys.argv[1:]
given = dict(np.load(f"{folder}/{name}.npz"))
part = lambda kind: {k.removeprefix(kind): v for k, v in given.items() if k.startswith(kind)}
model = timm.create_model(name, rngs=nnx.Rngs(0))
model.eval()
def widen(module):
    wide = lambda v: v.astype(jnp.float64) if jnp.issubdtype(v.dtype, jnp.floating) else v
    nnx.update(module, jax.tree.map(wide, nnx.state(module, nnx.Not(nnx.RngState))))
widen(model)
tojax.load_state_dict(model, part("state/"))
graph, params, rest = nnx.split(model, nnx.Param, ...)
def loss(params, x):
    y = nnx.merge(graph, params, rest)(x)
    return (y * given["by"]).sum(), y
backward = jax.jit(jax.value_and_grad(loss, (0, 1), has_aux=True))
(_, y), (by_params, gx) = backward(params, jnp.asarray(given["x"]))
tojax.load_state_dict(model, part("state/") | part("gradient/"))  # to each its place and layout
wanted = nnx.state(model, nnx.Param)
def off(found, wanted):
    found, wanted = np.asarray(found), np.asarray(wanted)
    return float(np.abs(found - wanted).max() / max(np.abs(wanted).max(), 1e-6))
pairs = list(zip(jax.tree.leaves(by_params), jax.tree.leaves(wanted), strict=True))
print(json.dumps({
    "output": off(y, given["y"]),
    "gradient": max(off(a, b) for a, b in [(gx, given["gx"]), *pairs]),
    "parameters": sum(leaf.size for leaf, _ in pairs),
}))
"""


@dataclass(frozen=True)
class Agreement:
    """How far the JAX version of an architecture is from PyTorch's, or why it could not be told."""

    name: str
    parameters: int = 0
    output: float = float("inf")
    gradient: float = float("inf")
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether output and gradients agree."""
        return not self.problem and max(self.output, self.gradient) <= LIMIT


def projects(cache: Path) -> tuple[Path, Path]:
    """timm with a stub of torchvision, and its migration, in folders beside each other."""
    package = next(p for p in PACKAGES if p.name == "timm")
    torch, jax = cache / "architectures" / "torch", cache / "architectures" / "jax"
    files = package.sources(cache)
    files |= {f"torchvision/{s}/__init__.py".replace("//", "/"): _STUB for s in _STUBS}
    for path, text in files.items():
        place = torch / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "tojax", "migrate", torch, "--out", jax, "--no-verify"]
    made = subprocess.run([*command, "--force"], capture_output=True, text=True)
    if made.returncode not in (0, 3):
        raise RuntimeError(made.stderr)
    return torch, jax


def compared(name: str, torch: Path, jax: Path) -> Agreement:
    """Build one architecture with both, and compare."""
    results = jax.parent / "results"
    results.mkdir(exist_ok=True)
    size = ARCHITECTURES[name]
    for folder, code, arguments in (
        (torch, _TORCH, [name, size, results]),
        (jax, _JAX, [name, results]),
    ):
        try:
            run = subprocess.run(
                [sys.executable, "-c", code, *map(str, arguments)],
                cwd=folder, capture_output=True, text=True, timeout=_SECONDS, env=_ENVIRONMENT,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Agreement(name, problem=f"more than {_SECONDS} s")
        if run.returncode:
            return Agreement(name, problem=_last_line(run.stderr))
    (results / f"{name}.npz").unlink()
    return Agreement(name, **json.loads(run.stdout.splitlines()[-1]))


def rows(found: Iterator[Agreement]) -> Iterator[str]:
    """The table: one line for each architecture, then how many agree."""
    yield f"{'architecture':28} {'parameters':>11} {'output':>9} {'gradients':>10}"
    count = agree = 0
    for one in found:
        count, agree = count + 1, agree + one.holds
        numbers = f"{one.parameters:11,d} {one.output:9.1e} {one.gradient:10.1e}"
        yield f"{one.name:28} {one.problem or numbers}{'' if one.holds else '  differs'}"
    yield f"{agree} of {count} architectures agree: no number off by more than {LIMIT:g}"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if re.match(r"[\w.]+(Error|Exception)\b", line)]
    return lines[-1][:150] if lines else text.strip()[-150:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="ARCHITECTURE", choices=[*ARCHITECTURES, []])
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    torch, jax = projects(options.cache)
    with ThreadPoolExecutor(options.jobs) as pool:
        names = options.names or list(ARCHITECTURES)
        for row in rows(pool.map(lambda name: compared(name, torch, jax), names)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
