"""Which of a project's files an absolute import means: where Python would find it."""

from __future__ import annotations

import pytest

from tojax.source.import_roots import ImportRoots

PROJECT = [
    "setup.py",
    "utils.py",
    "src/pkg/__init__.py",
    "src/pkg/net.py",
    "src/pkg/random.py",
    "src/pkg/layers/__init__.py",
    "src/pkg/layers/drop.py",
    "src/tool.py",
    "scripts/train.py",
    "scripts/data.py",
    "examples/mnist/main.py",
    "examples/mnist/model.py",
    "examples/mnist/utils.py",
    "examples/gan/main.py",
    "examples/gan/model.py",
    "models/transformers.py",
    "vendor/one/twice/__init__.py",
    "vendor/two/twice/__init__.py",
]


@pytest.mark.parametrize(
    ("path", "name", "located"),
    [
        ("src/pkg/net.py", "pkg.layers.drop", "src.pkg.layers.drop"),
        ("src/pkg/net.py", "pkg", "src.pkg"),
        ("src/pkg/layers/drop.py", "utils", "utils"),  # the project's folder
        ("src/pkg/train.py", "net", "src.pkg.net"),  # a script inside a package
        ("src/pkg/train.py", "random", "random"),  # Python's own, not the package's
        ("scripts/train.py", "pkg.net", "src.pkg.net"),  # installed
        ("scripts/train.py", "tool", "src.tool"),
        ("scripts/train.py", "data", "scripts.data"),  # beside the script
        ("examples/mnist/main.py", "model", "examples.mnist.model"),
        ("examples/gan/main.py", "model", "examples.gan.model"),
        ("examples/mnist/main.py", "utils", "examples.mnist.utils"),
        ("examples/gan/main.py", "utils", "utils"),
        ("scripts/train.py", "examples.gan.model", "examples.gan.model"),
        ("scripts/train.py", "model", "model"),  # two of them, neither near
        ("scripts/train.py", "twice", "twice"),
        ("scripts/train.py", "transformers", "transformers"),  # somebody else's package
        ("scripts/train.py", "models.transformers", "models.transformers"),
        ("scripts/train.py", "pkg.missing", "pkg.missing"),
    ],
)
def test_what_an_import_means(path: str, name: str, located: str) -> None:
    assert ImportRoots([*PROJECT, path]).located(path, name) == located


def test_pytorch_is_never_a_file_of_the_project() -> None:
    roots = ImportRoots(["torch/__init__.py", "torch/nn/__init__.py", "main.py"])
    assert roots.folder("main.py", "torch.nn") is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/pkg/net.py", "pkg.net"),
        ("src/pkg/layers/__init__.py", "pkg.layers"),
        ("scripts/train.py", "scripts.train"),
        ("utils.py", "utils"),
    ],
)
def test_name_under_which_a_file_is_imported(path: str, name: str) -> None:
    assert ImportRoots(PROJECT).import_name(path) == name


def test_what_is_installed_comes_before_what_lies_far_away() -> None:
    near, far = ImportRoots(PROJECT).search_path("scripts/train.py")
    assert near == ["scripts", "."]
    assert "src" in far
    assert not set(near) & set(far)
