"""What model-written code may name: builtins, modules with their public names, attributes.

Modules of the standard library tell their names themselves; those of JAX and its company are in
``jax_names.json``, since nothing here imports JAX.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

_STANDARD_MODULES = (
    "__future__",
    "abc",
    "collections",
    "collections.abc",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "math",
    "numbers",
    "operator",
    "typing",
    "warnings",
)

# Modules of the standard library of which a draft may use what the PyTorch source uses. The rest
# of it leads to files, processes, the network or the interpreter.
HARMLESS_MODULES = frozenset(
    {
        *_STANDARD_MODULES,
        "bisect",
        "cmath",
        "contextlib",
        "datetime",
        "decimal",
        "fractions",
        "heapq",
        "json",
        "logging",
        "random",
        "re",
        "statistics",
        "string",
        "textwrap",
        "time",
        "types",
    }
)

_FILES = "reads or writes files"
_HOST = "runs Python on the host instead of JAX"
_TEXT_AS_CODE = "can run text as code"

REFUSED_NAMES: Mapping[str, str] = {
    "functools.singledispatch": _TEXT_AS_CODE,
    "functools.singledispatchmethod": _TEXT_AS_CODE,
    "typing.ForwardRef": _TEXT_AS_CODE,
    "typing.get_type_hints": _TEXT_AS_CODE,
    "dataclasses.make_dataclass": _TEXT_AS_CODE,
    "types.CodeType": _TEXT_AS_CODE,
    "types.FunctionType": _TEXT_AS_CODE,
    "types.LambdaType": _TEXT_AS_CODE,
    "types.new_class": _TEXT_AS_CODE,
    "logging.config": _TEXT_AS_CODE,
    "logging.FileHandler": _FILES,
    "logging.basicConfig": _FILES,
    "operator.attrgetter": "reads attributes by name",
    "operator.methodcaller": "calls methods by name",
    "string.Formatter": "reads attributes by name",
    "jax.config": "changes settings of the whole process",
    "jax.debug.breakpoint": "stops for input",
    "jax.debug.callback": _HOST,
    "jax.debug.log": _FILES,
    "jax.live_arrays": "reads arrays that are not its own",
    "jax.make_array_from_callback": _HOST,
    "jax.pure_callback": _HOST,
    **dict.fromkeys(
        (
            f"{module}.{name}"
            for module in ("numpy", "jax.numpy")
            for name in (
                "fromfile", "fromregex", "genfromtxt", "load", "loadtxt", "memmap", "save",
                "savetxt", "savez", "savez_compressed",
            )
        ),
        _FILES,
    ),
    "numpy.bmat": "reads the caller's variables",
    "numpy.test": _FILES,
}  # fmt: skip

# Attributes of any object; the frames and modules behind them lead out of the draft.
REFUSED_ATTRIBUTES: Mapping[str, str] = {
    **dict.fromkeys(("tofile", "dump", "dumps"), _FILES),
    **dict.fromkeys(
        (
            "_ctypes", "ag_code", "ag_frame", "co_code", "cr_code", "cr_frame", "ctypes", "f_back",
            "f_builtins", "f_code", "f_globals", "f_locals", "func_code", "func_globals",
            "gi_code", "gi_frame", "tb_frame", "tb_next",
        ),
        "leads into the interpreter",
    ),
}  # fmt: skip

_SPECIAL_METHODS = """
    abs add aenter aexit aiter and anext array bool call class_getitem complex contains copy
    deepcopy delitem divmod enter eq exit float floordiv format ge getitem gt hash iadd iand
    ifloordiv ilshift imatmul imod imul index init init_subclass int invert ior ipow irshift isub
    iter itruediv ixor jax_array le len lshift lt matmul missing mod mul ne neg next or pos
    post_init pow radd rand rdivmod repr reversed rfloordiv rlshift rmatmul rmod rmul ror round
    rpow rrshift rshift rsub rtruediv rxor set_name setitem str sub truediv trunc xor
"""
_SPECIAL_NAMES = "all author cause class doc future main name qualname slots version"

ALLOWED_DUNDERS = frozenset(f"__{n}__" for n in (_SPECIAL_METHODS + _SPECIAL_NAMES).split())

_HARMLESS_BUILTINS = """
    False None True Ellipsis NotImplemented abs all any ascii bin bool bytes callable chr
    classmethod complex dict divmod enumerate filter float format frozenset hash hex id int
    isinstance issubclass iter len list map max min next object oct ord pow print property range
    repr reversed round set slice sorted staticmethod str sum super tuple zip
"""

ALLOWED_BUILTINS = frozenset(_HARMLESS_BUILTINS.split()) | {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}

# Allowed only where they are called directly, with arguments that tell what they do.
GUARDED_BUILTINS = frozenset({"getattr", "hasattr", "setattr", "delattr", "type"})


@functools.cache
def public_names() -> Mapping[str, frozenset[str]]:
    """Module → the names that may be used of it, for every module that may be imported."""
    file = Path(__file__).with_name("jax_names.json")
    table = json.loads(file.read_text(encoding="utf-8"))
    names = {module: frozenset(text.split()) for module, text in table.items()}
    names |= {module: _own_names(module) for module in _STANDARD_MODULES}
    return names


def _own_names(module: str) -> frozenset[str]:
    found = importlib.import_module(module)
    public = getattr(found, "__all__", [name for name in dir(found) if name[0] != "_"])
    return frozenset(n for n in public if not isinstance(getattr(found, n), ModuleType))
