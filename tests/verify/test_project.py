"""Projects: several files that import each other."""

from __future__ import annotations

from pathlib import Path

from tests.verify.pairs import JAX, TORCH
from tojax.nouns import Verdict
from tojax.verify.project import verify_files
from tojax.verify.workers import Workers

FILES = {
    "net/__init__.py": ("from .layers import scale\n", "from .layers import scale\n"),
    "net/layers.py": ("def scale(x):\n    return 2 * x\n", "def scale(x):\n    return 2 * x\n"),
    "net/model.py": (
        TORCH
        + "from . import scale\n\n\n# tojax: init=(3,) inputs=(float32[2, 3],)\n"
        + "class Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        + "        self.fc = nn.Linear(n, n)\n\n    def forward(self, x):\n"
        + "        return scale(self.fc(x))\n",
        JAX
        + "from . import scale\n\n\nclass Net(nnx.Module):\n"
        + "    def __init__(self, n, *, rngs: nnx.Rngs):\n"
        + "        self.fc = nnx.Linear(n, n, rngs=rngs)\n\n    def __call__(self, x):\n"
        + "        return scale(self.fc(x))\n",
    ),
    "data.txt": ("4", "4"),
    "use.py": (
        TORCH
        + "from net.model import Net\n\n\ndef setup():\n"
        + "    return [Net(int(open('data.txt').read()))]\n"
        + "\n\n# tojax: inputs=(*setup(), float32[2, 4])\n"
        + "def norm(model, x):\n    open('written', 'w').close()\n    return model(x).norm()\n",
        JAX
        + "from net.model import Net\n\n\ndef setup(*, rngs: nnx.Rngs):\n"
        + "    return [Net(int(open('data.txt').read()), rngs=rngs)]\n"
        + "\n\ndef norm(model, x):\n    return jnp.linalg.norm(model(x))\n",
    ),
}


def test_project(tmp_path: Path, workers: Workers) -> None:
    for name, texts in FILES.items():
        for side, text in zip(("torch", "jax"), texts, strict=True):
            path = tmp_path / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    seen: list[tuple[str, Verdict]] = []
    verdicts = verify_files(
        tmp_path / "torch",
        tmp_path / "jax",
        ["net/model.py", "net/layers.py", "use.py"],
        device="cpu",
        on_verdict=lambda file, verdict: seen.append((file, verdict)),
        workers=workers,
        seeds=(0,),
    )
    statuses = {f: [(v.target, v.status, v.message) for v in vs] for f, vs in verdicts.items()}
    assert statuses == {
        "net/model.py": [("Net", "verified", "")],
        "net/layers.py": [],
        "use.py": [("norm", "verified", "")],
    }
    assert [file for file, _ in seen] == ["net/model.py", "use.py"]
    assert not (tmp_path / "torch" / "written").exists()
    assert not list(tmp_path.rglob("__pycache__"))


def test_file_missing_on_the_jax_side(tmp_path: Path, workers: Workers) -> None:
    for side in ("torch", "jax"):
        (tmp_path / side).mkdir()
    source = "# tojax: inputs=(float32[2],)\ndef f(x):\n    return x\n"
    (tmp_path / "torch" / "a.py").write_text(source)
    verdicts = verify_files(
        tmp_path / "torch", tmp_path / "jax", ["a.py"], device="cpu", workers=workers, seeds=(0,)
    )
    assert verdicts["a.py"][0].status == "differs"
