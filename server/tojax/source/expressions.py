"""Kinds of expressions: what each one holds, given the names in scope."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from tojax.rules.index import Rule, RuleIndex
from tojax.source.annotations import annotation_kind
from tojax.source.evidence import says_array
from tojax.source.facts import ClassFacts, Effects, Function, Home, ModuleFacts
from tojax.source.kinds import (
    ARRAY,
    BOOL,
    BUFFER,
    DEVICE,
    DICT,
    DTYPE,
    FLOAT,
    FUNCTION,
    GROUP,
    INT,
    MASK,
    NONE,
    NUMPY,
    OPTIMIZER,
    PARAMETER,
    SCHEDULER,
    SHAPE,
    STR,
    UNKNOWN,
    Kind,
    is_array,
    join,
)
from tojax.source.names import TORCH_DTYPES, canonical, dotted, is_torch
from tojax.source.program import Program, is_property
from tojax.source.scope import Scope

_CLASS_METHODS = {"classmethod", "staticmethod"}
_BUILTIN_CALLS = {
    "len": INT, "int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "repr": STR, "print": NONE,
    "isinstance": BOOL, "hasattr": BOOL, "range": Kind("list", (INT,)), "dict": DICT,
    "round": FLOAT, "ord": INT, "callable": BOOL, "any": BOOL, "all": BOOL,
}  # fmt: skip
# Packages whose objects have methods of the same names as tensors, and are none.
_FOREIGN = {"numpy", "scipy", "pandas", "sklearn", "cv2", "PIL", "jax"}
_SAME_ITEMS = {"list", "tuple", "sorted", "reversed", "set", "iter"}
_MODULE_METHODS = {
    "state_dict", "load_state_dict", "parameters", "named_parameters", "named_modules",
    "named_children", "register_buffer", "named_buffers",
}  # fmt: skip
_BIT_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor)
_MASKS = {
    f"torch.{owner}{name}"
    for owner in ("", "Tensor.")
    for name in (
        "eq", "ne", "lt", "le", "gt", "ge", "isnan", "isinf", "isfinite", "logical_and",
        "logical_or", "logical_not", "logical_xor", "bool", "isin", "isclose",
    )
} - {"torch.bool"}  # fmt: skip
_LAYER_CONTAINERS = {"torch.nn.ModuleList", "torch.nn.ModuleDict", "torch.nn.ParameterList"}
_CONSTANTS: dict[type, Kind] = {bool: BOOL, int: INT, float: FLOAT, str: STR, type(None): NONE}


class ExpressionKinds:
    """Infers expressions; `tojax.source.infer.Inference` adds statements and functions."""

    def __init__(self, program: Program, index: RuleIndex, homes: Mapping[ast.AST, Home]) -> None:
        self.program = program
        self.index = index
        self.kinds: dict[ast.AST, Kind] = {}
        self.names: dict[ast.AST, str] = {}
        self.call_sites: dict[tuple[Function, str], list[Kind]] = {}
        self.callees: dict[ast.Call, list[ClassFacts | Function]] = {}
        self.homes = homes
        self.effects: dict[ast.Module, Effects] = {}
        self._part = Effects()
        prefix = "torch.Tensor."
        self.tensor_names = frozenset(
            name.removeprefix(prefix)
            for name in (*index.functions, *index.properties)
            if name.startswith(prefix)
        ) | {"shape", "device", "grad", "requires_grad", "backward", "dtype"}
        self._rule_kinds: dict[Rule, Kind] = {}
        self._first_arguments: dict[str, Kind] = {}
        self._handlers: dict[type, Callable[[ast.expr, Scope], Kind]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def function_return(
        self,
        module: ModuleFacts,
        function: Function,
        owner: ClassFacts | None,
        outer: Scope | None = None,
    ) -> Kind:
        """Kind of what a call of the user's function returns."""
        raise NotImplementedError

    def bind(self, target: ast.expr, kind: Kind, scope: Scope) -> None:
        """Record that a target holds a value."""
        raise NotImplementedError

    def narrowing(self, test: ast.expr, scope: Scope, outcome: bool = True) -> dict[str, Kind]:
        """What a test that came out true (or false) says about names."""
        raise NotImplementedError

    # entry points

    def expression(self, node: ast.expr | None, scope: Scope) -> Kind:
        """Kind of an expression; records it, and the qualified PyTorch name where it has one."""
        if node is None:
            return UNKNOWN
        handler = self._handlers.get(type(node))
        if handler is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expression(child, scope)
            return UNKNOWN
        kind = handler(node, scope)
        self.kinds[node] = kind
        return kind

    def annotation(self, node: ast.expr, scope: Scope) -> None:
        """Record the names in a type annotation."""
        self.expression(node, scope)

    def user_annotation(self, node: ast.expr, module: ModuleFacts) -> Kind:
        """Kind of an annotation that names a class of the user's."""
        name = ast.unparse(node).strip("'\"")
        member = self.program.member(module, name)
        return self.instance_kind(member) if isinstance(member, ClassFacts) else UNKNOWN

    def instance_kind(self, facts: ClassFacts) -> Kind:
        """Kind of an instance of a user's class."""
        if self.program.is_layer(facts):
            return Kind("module", name=facts.key)
        bases = self.program.torch_bases(facts)
        if any(base.startswith("torch.optim.lr_scheduler") for base in bases):
            return Kind("scheduler", name=facts.key)
        return Kind("object", name=facts.key)

    def element_kind(self, kind: Kind) -> Kind:
        """Kind of what iterating over a value gives."""
        if kind.tag == "loader":
            return Kind("list", (ARRAY,))
        if kind.tag == "module" and kind.items:
            return join(*kind.items)
        return kind.element()

    # leaves

    def _on_Constant(self, node: ast.Constant, scope: Scope) -> Kind:
        return _CONSTANTS.get(type(node.value), UNKNOWN)

    def _on_JoinedStr(self, node: ast.JoinedStr, scope: Scope) -> Kind:
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.expression(value.value, scope)
                if isinstance(value.format_spec, ast.JoinedStr):
                    self.expression(value.format_spec, scope)
        return STR

    def _on_Name(self, node: ast.Name, scope: Scope) -> Kind:
        name = node.id
        local = scope.lookup(name)
        if local is not None:
            return local
        module = scope.module
        if name in module.globals:
            return module.globals[name]
        member = self.program.member(module, name)
        if isinstance(member, ClassFacts):
            return Kind("class", name=member.key)
        if member is not None:
            return Kind("user", name=f"{member[0].name}:{member[1].name}")
        if name in module.imports:
            qualified = module.imports[name]
            if is_torch(qualified):
                self.names[node] = qualified
                return Kind("torch", name=qualified)
            kind = self.program.global_kind(module, name)
            return kind if kind != UNKNOWN else Kind("external", name=qualified)
        return UNKNOWN

    def _on_Attribute(self, node: ast.Attribute, scope: Scope) -> Kind:
        base = self.expression(node.value, scope)
        attr = node.attr
        if base.tag in ("torch", "external"):
            return self._module_attribute(node, base)
        if base.tag == "parameter" and attr == "requires_grad":
            self.names[node] = "torch.nn.Parameter.requires_grad"
            return BOOL
        if is_array(base):
            return self._array_attribute(node, base)
        if base.tag in ("module", "object", "scheduler") and ":" in base.name:
            return self._user_attribute(node, base, scope)
        if base.tag == "module":
            return self._layer_attribute(node, base)
        if base == DTYPE and f"torch.dtype.{attr}" in self.index:
            self.names[node] = f"torch.dtype.{attr}"
            return BOOL
        if base.tag == "tuple" and attr in base.fields:
            return base.item(base.fields.index(attr))
        if base.tag == "class":
            facts = self.program.class_of(base)
            if facts is not None and attr in facts.attributes:
                return facts.attributes[attr]
            found = self.program.method(facts, attr) if facts is not None else None
            decorators = found[1].decorator_list if found is not None else []
            if any(isinstance(d, ast.Name) and d.id in _CLASS_METHODS for d in decorators):
                return Kind("method", name=f"{base.name}.{attr}")
            return UNKNOWN
        if base.tag in ("optimizer", "modules", "loader", "scheduler", "super"):
            return self._object_attribute(node, base)
        if base == NUMPY:
            return SHAPE if attr == "shape" else NUMPY
        if base == NUMPY:
            return SHAPE if attr == "shape" else UNKNOWN
        if base == UNKNOWN:
            return self._unknown_attribute(node)
        return UNKNOWN

    def _unknown_attribute(self, node: ast.Attribute) -> Kind:
        """An attribute that hardly anything but a tensor or a module has."""
        if says_array(node.attr, self.tensor_names):
            return self._array_attribute(node, UNKNOWN)
        if node.attr in _MODULE_METHODS:
            owner = dotted(node.value)
            name = owner[-1].lower() if owner else ""
            family = OPTIMIZER if "optim" in name else SCHEDULER if "sched" in name else None
            self.names[node] = f"{family.name if family else 'torch.nn.Module'}.{node.attr}"
        return UNKNOWN

    def _object_attribute(self, node: ast.Attribute, base: Kind) -> Kind:
        name = f"{_family(base)}.{node.attr}"
        if base.tag == "modules" and name not in self.index:
            return self.element_kind(base) if base.name == "torch.nn.ModuleDict" else UNKNOWN
        self.names[node] = name
        return Kind("list", (GROUP,)) if node.attr == "param_groups" else UNKNOWN

    def _module_attribute(self, node: ast.Attribute, base: Kind) -> Kind:
        qualified = canonical(f"{base.name}.{node.attr}")
        if is_torch(qualified):
            self.names[node] = qualified
            return DTYPE if qualified in TORCH_DTYPES else Kind("torch", name=qualified)
        member = self.program.find(qualified)
        if isinstance(member, ClassFacts):
            return Kind("class", name=member.key)
        if member is not None:
            return Kind("user", name=f"{member[0].name}:{member[1].name}")
        return Kind("external", name=qualified)

    def _array_attribute(self, node: ast.Attribute, base: Kind) -> Kind:
        attr = node.attr
        self.names[node] = f"torch.Tensor.{attr}"
        if attr == "shape":
            return SHAPE
        if attr == "dtype":
            return DTYPE
        if attr == "device":
            return DEVICE
        rule = self.index.properties.get(f"torch.Tensor.{attr}")
        if rule is not None:
            return self.rule_kind(rule)
        return ARRAY if attr in ("data", "grad", "T") else UNKNOWN

    def _user_attribute(self, node: ast.Attribute, base: Kind, scope: Scope) -> Kind:
        facts = self.program.class_of(base)
        if facts is None:
            return UNKNOWN
        kind = self.program.attribute(facts, node.attr)
        if kind != UNKNOWN:
            return kind
        method = self.program.method(facts, node.attr)
        if method is not None:
            owner, function = method
            if is_property(function):
                return self.function_return(owner.module, function, owner)
            return Kind("method", name=f"{facts.key}.{node.attr}")
        if base.tag == "module" and not any(
            node.attr in other.attributes for other in self.program.base_classes(facts)
        ):
            self.names[node] = f"torch.nn.Module.{node.attr}"
            if node.attr == "training":
                return BOOL
        return UNKNOWN

    def _layer_attribute(self, node: ast.Attribute, base: Kind) -> Kind:
        attr = node.attr
        family = base.name if f"{base.name}.{attr}" in self.index else "torch.nn.Module"
        self.names[node] = f"{family}.{attr}"
        if attr in ("weight", "bias") or attr.startswith(("weight_", "bias_", "in_proj")):
            return PARAMETER
        if attr.startswith("running_"):
            return BUFFER
        if attr.endswith(("_features", "_channels", "_dim", "_size")) or attr.startswith("num_"):
            return INT
        return UNKNOWN

    # operators

    def _on_Subscript(self, node: ast.Subscript, scope: Scope) -> Kind:
        base = self.expression(node.value, scope)
        self.expression(node.slice, scope)
        if is_array(base):
            if isinstance(node.slice, ast.Compare):
                self.kinds[node.slice] = MASK
            return MASK if base == MASK else ARRAY
        if base == NUMPY:
            return NUMPY
        if base.tag == "dict" and base.items:
            return base.items[0] if len(base.items) == 1 else Kind("class", base.items)
        if base.tag == "shape":
            return SHAPE if isinstance(node.slice, ast.Slice) else INT
        if base.tag == "tuple":
            index = _integer(node.slice)
            if index is not None:
                return base.item(index)
            return Kind("list", (join(*base.items),)) if base.items else UNKNOWN
        if isinstance(node.slice, ast.Slice) and base.tag in ("list", "modules", "module"):
            return base
        if base.tag == "module" and base.items:
            index = _integer(node.slice)
            if index is not None and -len(base.items) <= index < len(base.items):
                return base.items[index]
        return self.element_kind(base)

    def _on_Slice(self, node: ast.Slice, scope: Scope) -> Kind:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.expression(part, scope)
        return UNKNOWN

    def _on_BinOp(self, node: ast.BinOp, scope: Scope) -> Kind:
        left = self.expression(node.left, scope)
        right = self.expression(node.right, scope)
        if left == MASK and right == MASK and isinstance(node.op, _BIT_OPERATORS):
            return MASK
        if is_array(left) or is_array(right) or isinstance(node.op, ast.MatMult):
            return ARRAY
        if NUMPY in (left, right):
            return NUMPY
        if NUMPY in (left, right):
            return NUMPY
        if isinstance(node.op, ast.Div) and {left.tag, right.tag} <= {"int", "float"}:
            return FLOAT
        if left.tag == "shape" or right.tag == "shape":
            return SHAPE
        if left == STR or right == STR:
            return STR
        if left.tag == "tuple" and right.tag == "tuple":
            return Kind("tuple", left.items + right.items)
        if left.tag == "list" or right.tag == "list":
            return join(*(kind for kind in (left, right) if kind.tag == "list"))
        return join(left, right)

    def _on_UnaryOp(self, node: ast.UnaryOp, scope: Scope) -> Kind:
        kind = self.expression(node.operand, scope)
        if isinstance(node.op, ast.Not):
            return BOOL
        if kind == MASK and isinstance(node.op, ast.Invert):
            return MASK
        return ARRAY if is_array(kind) else kind

    def _on_BoolOp(self, node: ast.BoolOp, scope: Scope) -> Kind:
        return join(*[self.expression(value, scope) for value in node.values])

    def _on_Compare(self, node: ast.Compare, scope: Scope) -> Kind:
        kinds = [self.expression(node.left, scope)]
        kinds += [self.expression(comparator, scope) for comparator in node.comparators]
        if any(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in node.ops):
            return BOOL
        return MASK if any(map(is_array, kinds)) else BOOL

    def _on_IfExp(self, node: ast.IfExp, scope: Scope) -> Kind:
        self.expression(node.test, scope)
        return join(self.expression(node.body, scope), self.expression(node.orelse, scope))

    def _on_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> Kind:
        kind = self.expression(node.value, scope)
        self.bind(node.target, kind, scope)
        return kind

    # displays

    def _on_Tuple(self, node: ast.Tuple, scope: Scope) -> Kind:
        kinds = [self.expression(item, scope) for item in node.elts]
        if any(isinstance(item, ast.Starred) for item in node.elts):
            known = {kind.tag for kind in kinds}
            return SHAPE if known <= {"int", "shape"} else Kind("list", (join(*kinds),))
        return Kind("tuple", tuple(kinds))

    def _on_List(self, node: ast.List, scope: Scope) -> Kind:
        kinds = [self.expression(item, scope) for item in node.elts]
        return Kind("list", (join(*kinds),)) if kinds else Kind("list")

    def _on_Set(self, node: ast.Set, scope: Scope) -> Kind:
        for item in node.elts:
            self.expression(item, scope)
        return UNKNOWN

    def _on_Dict(self, node: ast.Dict, scope: Scope) -> Kind:
        values: list[Kind] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.expression(key, scope)
            values.append(self.expression(value, scope))
        classes = all(kind.tag in ("class", "user") for kind in values)
        return Kind("dict", tuple(dict.fromkeys(values))) if values and classes else DICT

    def _on_Starred(self, node: ast.Starred, scope: Scope) -> Kind:
        kind = self.expression(node.value, scope)
        return SHAPE if kind.tag == "shape" else self.element_kind(kind)

    def _comprehension(
        self, generators: list[ast.comprehension], parts: list[ast.expr], scope: Scope
    ) -> list[Kind]:
        inner = Scope(scope.module, scope.owner, scope.function, scope)
        for generator in generators:
            self.bind(
                generator.target, self.element_kind(self.expression(generator.iter, inner)), inner
            )
            for test in generator.ifs:
                self.expression(test, inner)
                inner.env.update(self.narrowing(test, inner))
        return [self.expression(part, inner) for part in parts]

    def _on_ListComp(self, node: ast.ListComp, scope: Scope) -> Kind:
        return Kind("list", (self._comprehension(node.generators, [node.elt], scope)[0],))

    def _on_GeneratorExp(self, node: ast.GeneratorExp, scope: Scope) -> Kind:
        return Kind("list", (self._comprehension(node.generators, [node.elt], scope)[0],))

    def _on_SetComp(self, node: ast.SetComp, scope: Scope) -> Kind:
        self._comprehension(node.generators, [node.elt], scope)
        return UNKNOWN

    def _on_DictComp(self, node: ast.DictComp, scope: Scope) -> Kind:
        self._comprehension(node.generators, [node.key, node.value], scope)
        return DICT

    def _on_Lambda(self, node: ast.Lambda, scope: Scope) -> Kind:
        inner = Scope(scope.module, scope.owner, scope.function, scope)
        for parameter in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            inner.env[parameter.arg] = UNKNOWN
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.expression(default, scope)
        self.expression(node.body, inner)
        return FUNCTION

    # calls

    def _on_Call(self, node: ast.Call, scope: Scope) -> Kind:
        arguments = [self.expression(argument, scope) for argument in node.args]
        keywords = {
            keyword.arg or "**": self.expression(keyword.value, scope) for keyword in node.keywords
        }
        callee = node.func
        if isinstance(callee, ast.Name) and callee.id == "super":
            return Kind("super", name=scope.owner.key if scope.owner else "")
        function = self.expression(callee, scope)
        if isinstance(callee, ast.Attribute) and callee.attr == "to" and function == UNKNOWN:
            if callee not in self.names and self._places(node, arguments, keywords):
                self.names[callee] = "torch.Tensor.to"
                return UNKNOWN
        name = self.names.get(callee, "")
        if not name and function.tag == "torch":
            name = function.name
        if name:
            kind = self._torch_call(node, name, arguments, keywords)
            return MASK if kind == ARRAY and self._asks_for_bool(node) else kind
        if function.tag in ("class", "user", "method", "local", "super"):
            return self._user_call(node, function, arguments, keywords, scope)
        if function.tag in ("module", "modules"):
            return self.called(node, function, arguments, keywords)
        if isinstance(callee, ast.Name):
            return self._builtin_call(node, callee.id, arguments)
        if isinstance(callee, ast.Attribute):
            return self._plain_method(callee, scope)
        return UNKNOWN

    def _asks_for_bool(self, node: ast.Call) -> bool:
        dtypes = [*node.args, *(item.value for item in node.keywords if item.arg == "dtype")]
        return any(self.names.get(dtype) == "torch.bool" for dtype in dtypes)

    def _places(self, node: ast.Call, arguments: list[Kind], keywords: dict[str, Kind]) -> bool:
        """Whether the arguments of a ``to`` are PyTorch's: a device, a dtype, ``non_blocking``."""
        first = arguments[0] if arguments else UNKNOWN
        if first.tag in ("device", "dtype") or keywords.keys() & {
            "device",
            "dtype",
            "non_blocking",
        }:
            return True
        text = node.args[0] if node.args else None
        if isinstance(text, ast.Name) and text.id == "device":
            return True
        return isinstance(text, ast.Constant) and str(text.value).startswith(("cuda", "cpu"))

    def called(
        self, node: ast.Call, kind: Kind, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        """Kind of what calling a layer returns."""
        facts = self.program.class_of(kind)
        if facts is None:
            rule = self.index.layers.get(kind.name)
            if rule is not None and isinstance(rule.node, ast.ClassDef):
                method = self.index.method(rule.module, rule.node, "__call__")
                declared = annotation_kind(method.returns if method else None, lambda _: None)
                return declared if declared != UNKNOWN else ARRAY
            return ARRAY
        method_found = self.program.method(facts, "forward")
        if method_found is None:
            return ARRAY
        owner, function = method_found
        self._record(function, node, arguments, keywords, skip=1)
        return self.function_return(owner.module, function, owner)

    def _torch_call(
        self, node: ast.Call, name: str, arguments: list[Kind], keywords: dict[str, Kind]
    ) -> Kind:
        if name in _LAYER_CONTAINERS and arguments:
            return Kind("modules", (self.element_kind(arguments[0]),), name)
        if name == "torch.nn.Sequential":
            return Kind("module", tuple(arguments), name)
        if name in _MASKS:
            return MASK
        if name == "torch.nn.Parameter":
            return PARAMETER
        if name == "torch.Tensor.size":
            return INT if node.args or node.keywords else SHAPE
        if name == "torch.nn.Module.register_buffer":
            return self._register(node, BUFFER)
        if name == "torch.nn.Module.register_parameter":
            return self._register(node, PARAMETER)
        if name in ("torch.nn.Module.to", "torch.nn.Module.cuda", "torch.nn.Module.cpu",
                    "torch.nn.Module.eval", "torch.nn.Module.train"):  # fmt: skip
            base = node.func.value if isinstance(node.func, ast.Attribute) else None
            return self.kinds.get(base, UNKNOWN) if base is not None else UNKNOWN
        if name.startswith("torch.optim.lr_scheduler.") and name.count(".") == 3:
            return Kind("scheduler", name=name) if name[25:26].isupper() else UNKNOWN
        if name.startswith("torch.optim.") and name.count(".") == 2:
            return Kind("optimizer", name=name)
        if name == "torch.utils.data.DataLoader":
            return Kind("loader", name=name)
        if name == "torch.device":
            return DEVICE
        rule = self.index.rule(name)
        if rule is None and name.endswith("_") and not name.endswith("__"):
            rule = self.index.rule(name[:-1])
            return ARRAY if rule is not None and name.startswith("torch.Tensor.") else UNKNOWN
        if rule is None:
            return self._unruled(name)
        return self._choose(rule, node, arguments, keywords, name)

    def _unruled(self, name: str) -> Kind:
        last = name.rpartition(".")[2]
        if name.startswith("torch.nn.") and last[:1].isupper() and name.count(".") == 2:
            return Kind("module", name=name)
        return UNKNOWN

    def _choose(
        self,
        rule: Rule,
        node: ast.Call,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        name: str,
    ) -> Kind:
        """Kind of the result where the rule's annotation is a union of array and tuple."""
        options = self.rule_options(rule)
        if len(options) == 1:
            kind = options[0]
            if kind.tag == "module":
                return Kind("module", name=name)
            return Kind(kind.tag, kind.items, kind.name, rule.fields) if rule.fields else kind
        array = next((option for option in options if is_array(option)), UNKNOWN)
        several = next((option for option in options if option.tag in ("tuple", "list")), array)
        several = Kind(several.tag, several.items, "", rule.fields)
        flags = [
            keyword.value
            for keyword in node.keywords
            if keyword.arg and keyword.arg.startswith("return_")
        ]
        if flags:
            falsy = all(isinstance(flag, ast.Constant) and not flag.value for flag in flags)
            return array if falsy else several
        is_method = name.startswith("torch.Tensor.")
        rest = arguments if is_method else arguments[1:]
        by_dim = ("dim" in keywords or bool(rest)) and not (rest and is_array(rest[0]))
        return several if rule.fields and by_dim else array

    def rule_options(self, rule: Rule) -> list[Kind]:
        """The kinds in a rule's return annotation, one per member of the union."""
        if isinstance(rule.node, ast.ClassDef):
            return [Kind("module")]
        parts: list[ast.expr] = []
        queue = [rule.node.returns]
        while queue:
            part = queue.pop(0)
            if isinstance(part, ast.BinOp):
                queue[:0] = [part.left, part.right]
            elif part is not None:
                parts.append(part)
        capital = rule.names[0].rpartition(".")[2][:1].isupper()
        if capital and rule.names[0].startswith("torch.nn."):
            return [Kind("module")]
        return [annotation_kind(part, lambda _: None) for part in parts] or [UNKNOWN]

    def rule_takes(self, name: str) -> Kind:
        """The kind of the first argument of a PyTorch function, by its rule."""
        if name not in self._first_arguments:
            rule = self.index.rule(name)
            first = next(iter(self.index.signature(rule).args), None) if rule else None
            kind = annotation_kind(first.annotation if first else None, lambda _: None)
            self._first_arguments[name] = ARRAY if kind == ARRAY else UNKNOWN
        return self._first_arguments[name]

    def rule_kind(self, rule: Rule) -> Kind:
        """Kind of what a rule returns."""
        if rule not in self._rule_kinds:
            self._rule_kinds[rule] = join(*self.rule_options(rule))
        return self._rule_kinds[rule]

    def _register(self, node: ast.Call, kind: Kind) -> Kind:
        if node.args and isinstance(node.func, ast.Attribute):
            owner = self.program.class_of(self.kinds.get(node.func.value, UNKNOWN))
            first = node.args[0]
            if owner is not None and isinstance(first, ast.Constant):
                given = self.kinds.get(node.args[1], UNKNOWN) if len(node.args) > 1 else kind
                absent = given.optional or given == NONE or _may_be_none(node.args[1:])
                held = join(kind, NONE) if absent else kind
                self.hold(owner, str(first.value), held, registered=True)
        return NONE

    def _user_call(
        self,
        node: ast.Call,
        function: Kind,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        scope: Scope,
    ) -> Kind:
        if function.tag == "local":
            target = scope.local_function(function.name)
            if target is None:
                return UNKNOWN
            self._called(node, target)
            self._record(target, node, arguments, keywords, skip=0)
            return self.function_return(scope.module, target, None, scope)
        if function.tag == "class":
            return self._construct(node, function, arguments, keywords, scope)
        if function.tag == "method":
            key, _, attr = function.name.rpartition(".")
            facts = self.program.class_by_key(key)
            found = self.program.method(facts, attr) if facts else None
            if found is None:
                return UNKNOWN
            owner, method = found
            static = any(
                isinstance(decorator, ast.Name) and decorator.id == "staticmethod"
                for decorator in method.decorator_list
            )
            self._called(node, method)
            self._record(method, node, arguments, keywords, skip=0 if static else 1)
            return self.function_return(owner.module, method, owner)
        home, _, name = function.name.partition(":")
        module = self.program.modules.get(home)
        definition = module.functions.get(name) if module else None
        if module is None or definition is None:
            return UNKNOWN
        self._called(node, definition)
        self._record(definition, node, arguments, keywords, skip=0)
        return self.function_return(module, definition, None)

    def _construct(
        self,
        node: ast.Call,
        function: Kind,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        scope: Scope,
    ) -> Kind:
        options = [function] if function.name else list(function.items)
        for option in options:
            facts = self.program.class_of(option)
            constructor = self.program.method(facts, "__init__") if facts else None
            if constructor is not None:
                owner, method = constructor
                self._record(method, node, arguments, keywords, skip=1)
                self.function_return(owner.module, method, owner)
            if facts is not None:
                self._called(node, facts)
            elif option.tag == "user":
                self._user_call(
                    node,
                    option,
                    arguments,
                    keywords,
                    Scope(next(iter(self.program.modules.values()))),
                )
        facts = self.program.class_of(function)
        if facts is None:
            layers = [f for o in function.items if (f := self.program.class_of(o)) is not None]
            is_layer = any(map(self.program.is_layer, layers))
            return Kind("module") if is_layer or not layers else UNKNOWN
        return self.instance_kind(facts)

    def _called(self, node: ast.Call, target: ClassFacts | Function) -> None:
        targets = self.callees.setdefault(node, [])
        if target not in targets:
            targets.append(target)

    def _record(
        self,
        function: Function,
        node: ast.Call,
        arguments: list[Kind],
        keywords: dict[str, Kind],
        skip: int,
    ) -> None:
        """Remember what a call passes, for parameters that nothing else tells about."""
        ordered = [*function.args.posonlyargs, *function.args.args][skip:]
        for parameter, argument, kind in zip(ordered, node.args, arguments, strict=False):
            if isinstance(argument, ast.Starred):
                break
            self._note(function, parameter.arg, kind)
        for name, kind in keywords.items():
            self._note(function, name, kind)

    def _note(self, function: Function, name: str, kind: Kind) -> None:
        if kind == UNKNOWN:
            return
        kind = ARRAY if kind == BUFFER else kind  # a function is given the buffer's value
        self.tell(function, name, kind)
        home = self.homes.get(function)
        if home is not None:
            self._part.arguments.append((home.name, name, kind))

    def tell(self, function: Function, name: str, kind: Kind) -> None:
        """Record that a call passes a value of ``kind`` for parameter ``name``."""
        sites = self.call_sites.setdefault((function, name), [])
        if kind not in sites:
            sites.append(kind)

    def hold(self, owner: ClassFacts, name: str, kind: Kind, *, registered: bool = False) -> None:
        """Record that an attribute of a class holds a value."""
        owner.hold(name, kind, registered=registered)
        self._part.attributes.append((owner.key, name, kind, registered))

    def _builtin_call(self, node: ast.Call, name: str, arguments: list[Kind]) -> Kind:
        if name in _BUILTIN_CALLS:
            return _BUILTIN_CALLS[name]
        if not arguments:
            return UNKNOWN
        if name in _SAME_ITEMS:
            return (
                arguments[0]
                if arguments[0].tag in ("list", "tuple", "shape")
                else Kind("list", (self.element_kind(arguments[0]),))
            )
        if name == "enumerate":
            return Kind("list", (Kind("tuple", (INT, self.element_kind(arguments[0]))),))
        if name == "zip":
            return Kind("list", (Kind("tuple", tuple(map(self.element_kind, arguments))),))
        if name in ("sum", "max", "min", "abs", "next"):
            return (
                arguments[0]
                if is_array(arguments[0])
                else join(
                    *([self.element_kind(arguments[0])] if len(arguments) == 1 else arguments)
                )
            )
        return UNKNOWN

    def _plain_method(self, callee: ast.Attribute, scope: Scope) -> Kind:
        base = self.kinds.get(callee.value, UNKNOWN)
        if base == NUMPY:
            return NUMPY
        if base.tag == "modules" and callee.attr in ("items", "values", "keys"):
            return Kind("list", base.items)
        if base == NUMPY:
            return NUMPY
        if base.tag == "external":
            root = base.name.partition(".")[0]
            if root == "math":
                return FLOAT
            if root in _FOREIGN:
                return NUMPY
        return UNKNOWN


def _may_be_none(arguments: list[ast.expr]) -> bool:
    """Whether a value is written as ``x if … else None``."""
    match arguments:
        case [ast.IfExp(body=body, orelse=orelse), *_]:
            return any(isinstance(p, ast.Constant) and p.value is None for p in (body, orelse))
    return False


def _family(kind: Kind) -> str:
    return {
        "optimizer": OPTIMIZER.name,
        "scheduler": SCHEDULER.name,
        "modules": kind.name or "torch.nn.ModuleList",
        "loader": "torch.utils.data.DataLoader",
        "super": "super",
    }[kind.tag]


def _integer(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, int) else None
