"""What a draft may do and what not: escapes that are known, in every place where code can stand."""

from __future__ import annotations

import ast
import dis
import importlib.util
import json
import types
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tojax.model.allow_list import refusals
from tojax.rules.bugs import load_bugs
from tojax.translate import translate

ROOT = Path(__file__).parents[2]
IMPORTS = """\
import dataclasses, enum, functools, itertools, math, operator, typing
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
"""

ESCAPES = {
    "a module of the system": "import os",
    "as another name": "import subprocess as jnp",
    "in a function": "def f():\n    import socket\n    return socket",
    "one name of it": "from os import system",
    "part of a package": "import os.path",
    "PyTorch": "import torch",
    "a part of PyTorch": "from torch.nn import functional as F",
    "files": "import pathlib",
    "C": "import ctypes",
    "the import system": "import importlib",
    "pickles": "import pickle",
    "what a module imported": "from dataclasses import sys",
    "what JAX imported": "from jax import os",
    "all of it": "from jax.numpy import *",
    "JAX's inside": "from jax._src import core",
    "its inside by attribute": "jax._src.core",
    "foreign functions": "jax.ffi.ffi_call",
    "the profiler's files": "jax.profiler.save_device_memory_profile('x')",
    "flax's files": "from flax import io",
    "checkpoints": "from flax.training import checkpoints",
    "NumPy's modules": "np.lib.npyio.os.system('id')",
    "NumPy's modules, in between": "inner = np.lib\ninner.npyio",
    "NumPy's C": "np.ctypeslib.ctypes",
    "a module as a value": "m = np\nm.lib",
    "a module in a list": "[np, jnp][0].lib",
    "a module as an argument": "def f(m):\n    return m.sys\nf(dataclasses)",
    "a module by a conditional": "(np if True else jnp).lib",
    "a module by walrus": "(m := dataclasses).sys",
    "a module by default": "def f(m=typing): return m.sys",
    "builtins by another name": "enum.bltns.open('x')",
    "through an array": "np.zeros(1).ctypes._ctypes",
    "open": "open('x')",
    "open, aliased": "o = open",
    "open as a decorator": "@open\ndef f(): ...",
    "open in an f-string": "f'{open(1)}'",
    "open as a default": "def f(open=open): ...",
    "open after a parameter of that name": "def f(open): ...\nopen('x')",
    "open beside a comprehension": "def f():\n    [open for open in []]\n    return open('x')",
    "open, the first iterable": "def f(): return [open for open in open('x')]",
    "open, declared global": "def f():\n    global open\n    open = open('x')",
    "open, in a class": "def f():\n    class A:\n        open = open\n    return A.open",
    "open beside a lambda": "def f(x=lambda open: 1): return open('x')",
    "exec": "exec('1')",
    "eval": "eval('1')",
    "compile": "compile('1', '', 'eval')",
    "__import__": "__import__('os')",
    "__builtins__": "__builtins__['open']",
    "globals": "globals()['jax']",
    "vars": "vars(dataclasses)['sys']",
    "input": "input()",
    "breakpoint": "breakpoint()",
    "bases": "().__class__.__bases__[0].__subclasses__()",
    "mro": "type(()).__mro__",
    "globals of a function": "(lambda: 0).__globals__",
    "globals of a method": "nnx.Module.__init__.__globals__",
    "code": "(lambda: 0).__code__",
    "frames": "(x for x in []).gi_frame.f_back",
    "tracebacks": "try: 1/0\nexcept Exception as e: e.__traceback__.tb_frame",
    "a pattern": "match ():\n    case object(__class__=c): ...",
    "a pattern with a frame": "match (x for x in []):\n    case object(gi_frame=c): ...",
    "getattr with a special name": "getattr((), '__class__')",
    "getattr with a made-up name": "getattr((), '__cla' + 'ss__')",
    "getattr with a chosen name": "def f(n): return getattr((), n)",
    "getattr with a formatted name": "getattr((x for x in []), f'gi_{1}')",
    "getattr with a beginning": "getattr((x for x in []), 'gi_' + 'frame')",
    "getattr as a value": "functools.partial(getattr, ())",
    "setattr as a value": "s = setattr",
    "attrgetter": "operator.attrgetter('__class__')(())",
    "methodcaller": "from operator import methodcaller",
    "format": "'{0.__globals__}'.format(len)",
    "type with three arguments": "type('X', (), {})",
    "type as a value": "t = type",
    "a metaclass": "class M(type): ...",
    "the class of a class": "type(nnx.Module)('X', (), {})",
    "a special method that runs when attributes are read": (
        "class A:\n    def __getattribute__(self, n): ..."
    ),
    "a keyword of a special name": "dict(__builtins__=1)",
    "an alias of a special name": "import math as __builtins__",
    "text as code": "typing.get_type_hints(len)",
    "annotations as code": "functools.singledispatch(len)",
    "a class made of text": "dataclasses.make_dataclass('X', [('a', 'exit()')])",
    "an annotation with a call": "class A(nnx.Module):\n    x: print(1)",
    "a text as annotation": "class A(nnx.Module):\n    x: 'open(1)'",
    "a text in an annotation": "def f(x: list['exit()']): ...",
    "a text in a text": "class A(nnx.Module):\n    x: 'list[\"exit()\"]'",
    "a variable as annotation": "T = 'ex' + 'it()'\nclass A(nnx.Module):\n    x: T",
    "a text by way of a variable": "T = 'exit()'\nclass A(nnx.Module):\n    x: T",
    "an argument as annotation": "def f(T):\n    class A(nnx.Module):\n        x: T",
    "an item as annotation": "D = {1: 'exit()'}\nclass A(nnx.Module):\n    x: D[1]",
    "a cut text as annotation": "class A(nnx.Module):\n    x: 'xexit()'[1:]",
    "an attribute as annotation": "class B: t = 'exit()'\nclass A(nnx.Module):\n    x: B.t",
    "host callbacks": "jax.pure_callback(len, 1, 2)",
    "host callbacks elsewhere": "from jax.experimental import io_callback",
    "debug callbacks": "jax.debug.callback(print, 1)",
    "arrays of others": "jax.live_arrays()",
    "settings": "jax.config.update('jax_enable_x64', True)",
    "reading arrays": "jnp.load('x')",
    "reading numbers": "from numpy import fromfile",
    "mapping files": "np.memmap('x')",
    "writing arrays": "np.zeros(3).tofile('x')",
    "pickling arrays": "np.zeros(3).dump('x')",
    "changing JAX": "jnp.sum = len",
    "changing a class": "nnx.Module.train = len",
    "deleting": "del jnp.sum",
    "changing by a loop": "for jnp.sum in []: ...",
    "a file of the user's": "from helpers import anything",
    "relative": "from . import secrets",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_escape_is_refused(name: str) -> None:
    assert refusals(f"{IMPORTS}{ESCAPES[name]}\n")


ALLOWED = {
    "shadowing": "def f(input):\n    vars, open = input\n    return [open for dir in vars]",
    "methods with names of builtins": "x = nnx.Linear(2, 3, rngs=nnx.Rngs(0))\nx.eval()",
    "a lowered function": "jax.jit(len).lower(1).compile()",
    "the name of a type": "def f(x): return type(x).__name__, x.__class__.__name__, f'{type(x)}'",
    "comparing types": "def f(x, y): return type(x) is type(y) or type(x) in (int, float)",
    "attributes by number": "def f(self): return [getattr(self, f'conv{i}') for i in range(3)]",
    "attributes by name": "def f(self): setattr(self, 'conv' + str(1), getattr(self, 'a'))",
    "annotations": (
        "from jax import Array\nT = typing.TypeVar('T')\nPair = tuple[Array, 'Array | None']\n"
        "class A(nnx.Module):\n    x: Pair\n    y: typing.Literal['a', -1] = 'a'\n"
        "    def f(self, a: 'jax.Array', *b: type[T], **c: 'A') -> typing.Optional[list[int]]: ..."
    ),
    "special methods": "class A:\n    __slots__ = ('a',)\n    def __len__(self): return 1",
    "main": "if __name__ == '__main__':\n    print(jnp.zeros(3))",
    "a docstring": "def f():\n    '''As `__getattr__`.'''",
    "an import in a function": "def f(x):\n    import numpy\n    return numpy.sum(x)",
    "a parameter named like a module": "def f(optax): return optax.learning_rate",
    "whole modules": "import jax.scipy.special\njax.scipy.special.erf(jax.lax.add(1., 2.))",
    "methods of classes": "jax.Array.sum\nnp.add.reduce\njnp.float32.dtype",
    "standard library": "from collections.abc import Callable\nfrom functools import partial",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_ordinary_code_is_allowed(name: str) -> None:
    assert refusals(f"{IMPORTS}{ALLOWED[name]}\n") == []


def test_the_library_may_be_run() -> None:
    for bug in load_bugs():
        assert refusals(bug.fixed_jax, bug.pytorch) == [], bug.slug


@pytest.mark.parametrize("name", ["resnet", "gpt", "lstm_classifier", "vit"])
def test_what_the_rules_write_may_be_run(name: str) -> None:
    source = (ROOT / "fixtures/models" / f"{name}.py").read_text(encoding="utf-8")
    code = translate(source).code
    assert refusals(code, source, code) == []


def test_only_what_is_repeated_word_for_word_is_not_judged() -> None:
    source = "class A:\n    def f(self): return open('x')\n"
    assert refusals(source, source) == []
    assert refusals(source.replace("'x'", "'y'"), source)
    assert refusals("class A:\n    def g(self): return open('x')\n", source)
    assert refusals("def f():\n    def f(self): return open('x')\n", source)


SOURCE = """
import logging, os, json
import torch
import mine.parts
from einops import rearrange
from mine import helpers, widen
log = logging.getLogger(__name__)
x = mine.parts.norm(helpers.pad(widen(torch.zeros(3))), os.getcwd(), json.dumps)
"""


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import logging\nlogging.getLogger(__name__)", True),
        ("import logging\nlogging.FileHandler('x')", False),
        ("import mine.parts\nmine.parts.norm(1)", True),
        ("import mine.parts\nmine.parts.os", False),
        ("from mine import helpers\nhelpers.pad(1)", True),
        ("from mine import helpers\nhelpers.os", False),
        ("from mine import helpers\nh = helpers", False),
        ("from mine import widen\nwiden(1)", True),
        ("from mine import other", False),
        ("import os\nos.getcwd()", False),
        ("import torch\ntorch.zeros(3)", False),
    ],
)
def test_what_the_source_uses_may_be_used(code: str, allowed: bool) -> None:
    assert (refusals(code, SOURCE) == []) is allowed


def test_reasons_name_the_line_and_what_to_use() -> None:
    found = refusals("import jax.numpy as jnp\n\n\nx = jnp.concatenat([])\nopen('x')\n")
    assert [refusal.line for refusal in found] == [4, 5]
    assert "concatenate" in str(found[0]) and "line 5: the builtin open" in str(found[1])


CONTEXTS = (
    "{}",
    "def f():\n    return {}",
    "def f(a={}): ...",
    "def f(*, a={}): ...",
    "@{}\ndef f(): ...",
    "@{}\nclass A: ...",
    "class A(metaclass={}): ...",
    "class A:\n    b = {}",
    "async def f():\n    await {}",
    "def f():\n    yield {}",
    "f'{{{}}}'",
    "f'{{1:{{{}}}}}'",
    "[{} for x in y]",
    "[x for x in {}]",
    "[x for z in y for x in {}]",
    "{{x: {} for x in y if {}}}",
    "(lambda: {})()",
    "lambda a={}: a",
    "x[{}:{}]",
    "(x := {})",
    "print(*[{}], **{})",
    "with {} as w: ...",
    "for i in {}: ...",
    "while {}: ...",
    "try: ...\nexcept {}: ...",
    "match {}:\n    case 1 if {}: ...",
    "assert x, {}",
    "raise x from {}",
    "x = y if {} else z",
    "x: int = {}",
    "x += {}",
    "not (1 < {} < 2)",
)
DANGEROUS = (
    "open", "exec", "eval", "__import__", "().__class__.mro", "x.__dict__", "jax._src", "np.lib",
    "np",
    "enum.bltns", "getattr(x, y)", "jax.pure_callback", "x.gi_frame", "x.tofile",
    "'{0.__dict__}'.format",
)  # fmt: skip
HARMLESS = ("x", "jnp.sum", "len", "x.at[0]", "nnx.Module", "'text'", "functools.partial")


@given(st.lists(st.sampled_from(CONTEXTS), max_size=3), st.sampled_from(DANGEROUS), st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_place_hides_what_is_refused(contexts: list[str], payload: str, last: bool) -> None:
    code = _nested(contexts, f"({payload})" if last else payload)
    if code is not None:
        assert refusals(IMPORTS + code)


@given(st.lists(st.sampled_from(CONTEXTS), max_size=3), st.sampled_from(HARMLESS))
@settings(max_examples=200, deadline=None)
def test_every_place_takes_what_is_harmless(contexts: list[str], payload: str) -> None:
    code = _nested(contexts, payload)
    if code is not None:
        assert refusals(IMPORTS + code) == []


def _nested(contexts: list[str], payload: str) -> str | None:
    """The payload in the first context, that in the next (as far as it stays an expression)."""
    code = payload
    for context in contexts:
        inner = context.format(*[f"({code})"] * 3)
        try:
            ast.parse(f"({code})", mode="eval")
            ast.parse(inner)
        except SyntaxError:
            break
        code = inner
    try:
        ast.parse(code)
    except SyntaxError:
        return None
    return code


@st.composite
def scoping_puzzles(draw: st.DrawFn) -> str:
    """Functions, classes and comprehensions that bind and read the name ``open``."""

    def expression(depth: int) -> str:
        kinds = ["open", "1"] if depth > 2 else ["open", "1", "list", "lambda", "walrus", "call"]
        kind = draw(st.sampled_from(kinds))
        inner = "" if kind in ("open", "1") else expression(depth + 1)
        match kind:
            case "list":
                other = expression(depth + 1)
                target = draw(st.sampled_from(["open", "y"]))
                return f"[{inner} for {target} in [{other}]]"
            case "lambda":
                name = draw(st.sampled_from(["open", "y", "y=" + inner, "open=" + inner]))
                return f"(lambda {name}: {expression(depth + 1)})"
            case "walrus":
                return f"(open := {inner})"
            case "call":
                return f"print({inner})"
        return kind

    def block(depth: int, indent: str) -> str:
        kinds = ["expression", "assign", "for", "global"]
        kinds += [] if depth > 2 else ["def", "class"]
        lines = []
        for _ in range(draw(st.integers(1, 3))):
            match draw(st.sampled_from(kinds)):
                case "expression":
                    lines.append(f"{indent}{expression(0)}")
                case "assign":
                    lines.append(f"{indent}open = {expression(0)}")
                case "for":
                    lines.append(f"{indent}for open in [{expression(0)}]: ...")
                case "global":
                    lines.append(f"{indent}global open")
                case "def":
                    parameter = draw(
                        st.sampled_from(["", "open", "y=open", f"open={expression(1)}"])
                    )
                    name = draw(st.sampled_from(["f", "open"]))
                    lines.append(
                        f"{indent}def {name}({parameter}):\n{block(depth + 1, indent + ' ')}"
                    )
                case "class":
                    lines.append(f"{indent}class A:\n{block(depth + 1, indent + ' ')}")
        return "\n".join(lines)

    return block(0, "") + "\n"


@example("def f():\n open\n (open := open)\n class A:\n  global open\n  open\n")
@example("def f():\n def open():\n  global open\n  open\n")
@example("def f():\n (open := open)\n class A:\n  def f(open=(open := open)):\n   open\n")
@given(scoping_puzzles())
@settings(max_examples=400, deadline=None)
def test_a_builtin_is_never_taken_for_a_local_name(code: str) -> None:
    try:
        compiled = compile(code, "puzzle", "exec")
    except SyntaxError:
        return
    reads_builtin = any(
        instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME") and instruction.argval == "open"
        for each in _code_objects(compiled)
        for instruction in dis.get_instructions(each)
    )
    assert refusals(code) or not reads_builtin


def _code_objects(code: types.CodeType) -> list[types.CodeType]:
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return [code, *(each for part in inner for each in _code_objects(part))]


def test_names_of_jax_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("names", ROOT / "tools" / "jax_names.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    file = ROOT / "server" / "tojax" / "model" / "allow_list" / "jax_names.json"
    stored = {name: text.split() for name, text in json.loads(file.read_text()).items()}
    assert stored == tool.table()
    for name in tool.MODULES:
        module = tool.module_of(name)
        for attribute, value in vars(module).items():
            if isinstance(value, types.ModuleType) and f"{name}.{attribute}" not in stored:
                assert refusals(f"import {name.partition('.')[0]}\nx = {name}.{attribute}"), (
                    attribute
                )
