"""The version that the server tells."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("tojax")
except PackageNotFoundError:  # run from a checkout
    VERSION = "0"
