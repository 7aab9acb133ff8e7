"""Where the helpers of a project go: one module per package, or one beside the scripts."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath

from tojax.source.facts import definitions
from tojax.source.import_roots import ImportRoots

HELPER_MODULE = "_jax_helpers"


class HelperModules:
    """The helper modules of one project; a home is the folder that one lies in.

    Args:
        trees: every file of the project, by relative POSIX path.
        roots: where their imports start.
    """

    def __init__(self, trees: Mapping[str, ast.Module], roots: ImportRoots) -> None:
        self._paths = trees.keys()
        self._roots = roots
        self._imports = {path: definitions(tree).imports for path, tree in trees.items()}
        self._module = _free_name({PurePosixPath(path).stem for path in trees})
        users = [path for path, tree in trees.items() if definitions(tree).uses_torch]
        self._folders_of_users = {path.rpartition("/")[0] for path in users}

    def home(self, path: str) -> str:
        """The home of the helpers that a file uses: its import root if scripts that use PyTorch
        lie there, else its top-level package. A script inside a package has them beside what it
        imports."""
        inside = self._script_folder(path)
        if inside is not None:
            return inside
        parts = PurePosixPath(path).parts
        depth = len(parts) - 1
        while depth > 0 and "/".join((*parts[:depth], "__init__.py")) in self._paths:
            depth -= 1
        root = "/".join(parts[:depth])
        has_scripts = root in self._folders_of_users
        package = "/".join(parts[: depth + 1]) if depth < len(parts) - 1 else root
        return root if has_scripts or package == root else package

    def origin(self, path: str) -> str:
        """How a file names its helper module in an import."""
        home = self.home(path)
        is_script = self._script_folder(path) is not None
        if is_script or not home or f"{home}/__init__.py" not in self._paths:
            return self._module
        up = len(PurePosixPath(path).parent.parts) - len(PurePosixPath(home).parts)
        return "." * (up + 1) + self._module

    def _script_folder(self, path: str) -> str | None:
        """The package from whose inside a file imports, as only a script can."""
        for node in self._imports[path]:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
            for name in names if isinstance(node, ast.Import) or not node.level else ():
                folder = self._roots.folder(path, name or "")
                if folder is not None and self._roots.is_package(folder):
                    return folder
        return None

    def path(self, home: str) -> str:
        """The path of the helper module of a home."""
        return str(PurePosixPath(home) / f"{self._module}.py")


def _free_name(taken: set[str]) -> str:
    """A name for helper modules that no file of the project has."""
    name, number = HELPER_MODULE, 1
    while name in taken:
        number += 1
        name = f"{HELPER_MODULE}_{number}"
    return name
