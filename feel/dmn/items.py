"""Item definitions to types: aliases, structures, collections, allowed values, functions."""

from __future__ import annotations

from collections.abc import Mapping

from feel.dmn.boxed import plain_type
from feel.dmn.elements import Element, attribute, child, children, text_of
from feel.errors import FeelSyntaxError
from feel.limits import Run
from feel.parser import parse_type
from feel.program import unary_body
from feel.types import ANY, Allowed, Type, UnknownTypeError, resolve
from feel.values import Value


class Items:
    """The item definitions of a model, each made into a type when it is first asked for."""

    def __init__(self, elements: list[Element], imported: Mapping[str, Type]) -> None:
        self.elements = {attribute(element, "name"): element for element in elements}
        self.types: dict[str, Type] = dict(imported)
        self.open: set[str] = set()
        self.unknown: set[str] = set()

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
        if name in self.elements:
            self.open.add(name)
            self.types[name] = self._made(self.elements[name])
            self.open.discard(name)
            return self.types[name]
        return self._built_in(name)

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
        single = self._single(element)
        allowed = allowed_values(child(element, "allowedValues"))
        if allowed is not None:
            single = Type(single.kind, single.inner, single.keys, single.result, allowed)
        if attribute(element, "isCollection") != "true":
            return self._constrained(single, element)
        return self._constrained(Type("list", (single,)), element)

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

    def _constrained(self, made: Type, element: Element) -> Type:
        constraint = allowed_values(child(element, "typeConstraint"))
        if constraint is None:
            return made
        return Type(made.kind, made.inner, made.keys, made.result, constraint)


def allowed_values(element: Element | None) -> Allowed | None:
    """Return a check whether a value meets the tests of an element; None if it has none."""
    text = text_of(element)
    if not text:
        return None
    body = unary_body(text)

    def allows(run: Run, value: Value) -> bool:
        with run.aside():
            return body.run(run, {"?": value}) is True

    return allows
