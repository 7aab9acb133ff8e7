"""Kinds: what an expression of PyTorch code is known to hold."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: a ``tag``, the kinds of its ``items``, and the ``name`` of its type.

    ``name`` is a qualified PyTorch name (``torch.nn.Linear``) or a class or function of the user's;
    ``fields`` are the names of a named tuple's items; ``optional`` values may also be None. A list
    whose name is "tuple" may be a tuple of any length.
    """

    tag: str
    items: tuple[Kind, ...] = ()
    name: str = ""
    fields: tuple[str, ...] = ()
    optional: bool = False

    def item(self, index: int) -> Kind:
        """Kind of item ``index`` of a tuple or a list."""
        if self.tag == "tuple" and -len(self.items) <= index < len(self.items):
            return self.items[index]
        return self.element()

    def present(self) -> Kind:
        """The same kind once None is excluded."""
        return replace(self, optional=False) if self.optional else self

    def element(self) -> Kind:
        """Kind of what iteration over the value gives."""
        if self.tag == "array":
            return ARRAY
        if self.tag == "shape":
            return INT
        element = join(*self.items) if self.tag in ("list", "tuple", "modules") else UNKNOWN
        is_layer = self.tag == "modules" and self.name != "torch.nn.ParameterList"
        return LAYER if element == UNKNOWN and is_layer else element


UNKNOWN = Kind("unknown")
LAYER = Kind("module", name="torch.nn.Module")  # of any class
ARRAY = Kind("array")
MASK = Kind("array", name="bool")
PARAMETER = Kind("parameter")
BUFFER = Kind("buffer")
SHAPE = Kind("shape")
INT = Kind("int")
FLOAT = Kind("float")
BOOL = Kind("bool")
STR = Kind("str")
NONE = Kind("none")
DTYPE = Kind("dtype")
DEVICE = Kind("device")
DICT = Kind("dict")
LIST = Kind("list")
NUMPY = Kind("numpy")
FUNCTION = Kind("function")
REGISTRAR = Kind("registrar")  # a function that registers buffers of the class ``name``
OPTIMIZER = Kind("optimizer", name="torch.optim.Optimizer")
GROUP = Kind("group")
PARAM_GROUPS = Kind("list", (GROUP,))
DISTRIBUTION = Kind("distribution", name="torch.distributions.Distribution")
SCHEDULER = Kind("scheduler", name="torch.optim.lr_scheduler.LRScheduler")
GENERATOR = Kind("generator", name="torch.Generator")
SCALER = Kind("scaler", name="torch.amp.GradScaler")

ARRAY_LIKE = frozenset({"array", "parameter", "buffer"})
NUMBERS = frozenset({"int", "float", "bool"})
# None of these has a method that says tensor: whatever has one was only taken for one of these.
PYTHON_TYPES = frozenset({"int", "float", "bool", "str", "none", "list", "tuple", "dict"})


def is_array(kind: Kind) -> bool:
    """Whether a value of this kind behaves as a tensor."""
    return kind.tag in ARRAY_LIKE


def iterated(kind: Kind) -> Kind:
    """Kind of what iterating over a value gives, layers and data loaders included."""
    if kind.tag == "loader":
        return Kind("list", (ARRAY,))
    if kind.tag == "module" and kind.items:
        return join(*kind.items)
    return kind.element()


def join(*kinds: Kind) -> Kind:
    """The kind of a value that is one of ``kinds``; None makes it optional."""
    known = [kind.present() for kind in kinds if kind.tag != "none"]
    if not known:
        return NONE if kinds else UNKNOWN
    joined = _join(known)
    if joined == UNKNOWN or not any(kind.optional or kind.tag == "none" for kind in kinds):
        return joined
    return replace(joined, optional=True)


def one_of(kinds: list[Kind]) -> Kind:
    """An unknown kind; if it is one of several tuples, of different lengths, with these as items.

    None is left out: the items are for whoever unpacks the value.
    """
    known = dict.fromkeys(kind for kind in kinds if kind.tag != "none")
    return Kind("unknown", tuple(known)) if {k.tag for k in known} == {"tuple"} else UNKNOWN


def _join(known: list[Kind]) -> Kind:
    first = known[0]
    if all(kind == first for kind in known):
        return first
    if all(kind.tag in ("parameter", "buffer") for kind in known):
        return PARAMETER  # a variable: what reads the one reads the other
    if all(is_array(kind) for kind in known):
        return ARRAY
    if all(kind.tag == first.tag for kind in known) and first.tag in ("list", "modules"):
        known = [kind for kind in known if kind.items] or known  # the others are empty as yet
        first = known[0]
    if all(kind.tag == first.tag and len(kind.items) == len(first.items) for kind in known):
        items = tuple(join(*(kind.items[i] for kind in known)) for i in range(len(first.items)))
        names = {kind.name for kind in known}
        name = first.name if len(names) == 1 else "tuple" if names == {"", "tuple"} else ""
        return Kind(first.tag, items, name)
    if all(kind.tag in NUMBERS for kind in known):
        return FLOAT
    if any(is_array(kind) for kind in known) and all(
        is_array(kind) or kind.tag in NUMBERS for kind in known
    ):
        return ARRAY
    return UNKNOWN
