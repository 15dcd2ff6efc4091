"""Item definitions to types: aliases, structures, collections, allowed values, functions."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from feel.compiler.membership import INPUT
from feel.dmn.boxed import plain_type
from feel.dmn.elements import Element, attribute, child, children, text_of
from feel.errors import FeelSyntaxError
from feel.limits import NESTING, Run
from feel.nodes import UnaryTests
from feel.parser import parse_type, parse_unary_tests
from feel.program import Body, unary_body
from feel.types import ANY, Allowed, Type, UnknownTypeError, resolve
from feel.values import Value

PARTS = 2_000
"""So many parts may a type have, with the parts of the types within it."""


class Items:
    """The item definitions of a model, each made into a type when it is first asked for."""

    def __init__(self, elements: list[Element], imported: Mapping[str, Type]) -> None:
        self.elements = {attribute(element, "name"): element for element in elements}
        self.types: dict[str, Type] = dict(imported)
        self.open: set[str] = set()
        self.unknown: set[str] = set()
        self.faults: list[tuple[str, str]] = []
        self.sizes: dict[int, int] = {}
        self.sized: list[Type] = []  # kept, so that no other type takes the id of one

    def all(self) -> dict[str, Type]:
        """Return every type by its name."""
        for name in self.elements:
            self.named(name)
        return self.types

    def named(self, type_ref: str) -> Type:
        """Return the type of a reference; one that nobody knows, or that contains itself, is Any."""
        name = plain_type(type_ref)
        if name in ("", "Any"):
            return ANY
        if name in self.types:
            return self.types[name]
        if name in self.open:
            return ANY
        if name not in self.elements:
            return self._built_in(name)
        self.open.add(name)
        self.types[name] = self._bounded(name)
        self.open.discard(name)
        return self.types[name]

    def _bounded(self, name: str) -> Type:
        """Return the type of an item definition; one too deep or too large is Any, and a fault."""
        if len(self.open) > NESTING:
            self.faults.append((name, f"嵌套不能深于 {NESTING} 层。"))
            return ANY
        made = self._made(self.elements[name])
        if self._size(made) > PARTS:
            self.faults.append((name, f"展开后不能多于 {PARTS} 个部分。"))
            return ANY
        return made

    def _size(self, kind: Type) -> int:
        """Return of how many parts a type consists, each as often as it stands there."""
        if id(kind) not in self.sizes:
            result = (kind.result,) if kind.result is not None else ()
            self.sizes[id(kind)] = 1 + sum(self._size(part) for part in (*kind.inner, *result))
            self.sized.append(kind)
        return self.sizes[id(kind)]

    def result_of(self, type_ref: str) -> str:
        """Return the type that a function of this type gives; any other type is its own result."""
        element = self.elements.get(plain_type(type_ref))
        function = child(element, "functionItem") if element is not None else None
        return type_ref if function is None else attribute(function, "outputTypeRef")

    def _built_in(self, name: str) -> Type:
        try:
            return resolve(parse_type(name), self.types)
        except (FeelSyntaxError, UnknownTypeError):
            self.unknown.add(name)
            return ANY

    def _made(self, element: Element) -> Type:
        single = self._allowing(self._single(element), element, "allowedValues")
        is_collection = attribute(element, "isCollection") == "true"
        return self._allowing(Type("list", (single,)) if is_collection else single, element, "typeConstraint")

    def _single(self, element: Element) -> Type:
        components = children(element, "itemComponent")
        if components:
            inner = tuple(self._made(component) for component in components)
            return Type("context", inner, tuple(attribute(component, "name") for component in components))
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(
                self.named(attribute(one, "typeRef")) for one in children(function, "parameters")
            )
            return Type("function", parameters, (), self.named(attribute(function, "outputTypeRef")))
        reference = child(element, "typeRef")
        return self.named(((reference.text if reference is not None else None) or "").strip())

    def _allowing(self, made: Type, element: Element, kind: str) -> Type:
        """Return the type with what else its values must meet; tests that cannot be read are noted and left out."""
        text = text_of(child(element, kind))
        if not text:
            return made
        try:
            allowed = AllowedValues(parse_unary_tests(text), unary_body(text), made.allowed)
        except FeelSyntaxError as error:
            self.faults.append((attribute(element, "name"), f"的可取值：{error}"))
            return made
        return replace(made, allowed=allowed)


class AllowedValues(Struct, frozen=True):
    """The tests that a value of a type must meet, besides those of the type that it is made of."""

    tests: UnaryTests
    body: Body
    base: Allowed | None = None

    def __call__(self, run: Run, value: Value) -> bool:
        """Tell whether a value meets them."""
        if self.base is not None and not self.base(run, value):
            return False
        with run.aside():
            return self.body.run(run, {INPUT: value}) is True
