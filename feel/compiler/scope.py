"""Where names live: slots of frames, decided when the text is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import TypeVar

from msgspec import Struct

from feel.builtins.registry import BUILTINS, as_function
from feel.nodes import Node
from feel.types import Type
from feel.values import Code, Frame, Value

FIRST_SLOT = 2  # a frame begins with the run and the frame around it
MISSING = object()

NodeKind = TypeVar("NodeKind", bound=Node)
Rule = Callable[["Compiler", NodeKind], Code]
RULES: dict[type[Node], Callable[[Compiler, Node], Code]] = {}


class Binding(Struct, frozen=True):
    """A name bound to a slot; an item of a filter lends its entries as names, too."""

    name: str
    level: int
    slot: int
    is_item: bool = False


class Compiler:
    """Turns nodes into closures and keeps the books of slots and names."""

    def __init__(
        self, types: Mapping[str, Type] | None = None, shadowed: frozenset[str] = frozenset()
    ) -> None:
        self.types: Mapping[str, Type] = types or {}
        self.shadowed = shadowed
        self.sizes = [FIRST_SLOT]
        self.bindings: list[Binding] = []
        self.free: dict[str, int] = {}
        self.read: set[str] = set()
        self.called: set[str] = set()

    @property
    def level(self) -> int:
        """Return how many functions are around the place that is compiled."""
        return len(self.sizes) - 1

    def code(self, node: Node) -> Code:
        """Return the closure of a node."""
        return RULES[type(node)](self, node)

    def new_slot(self) -> int:
        """Return a new slot of the present frame."""
        self.sizes[-1] += 1
        return self.sizes[-1] - 1

    def bind(self, name: str, *, is_item: bool = False) -> int:
        """Bind a name to a new slot until `release`, and return the slot."""
        slot = self.new_slot()
        self.bindings.append(Binding(name, self.level, slot, is_item))
        return slot

    def release(self, count: int) -> None:
        """Forget the bindings made last."""
        del self.bindings[len(self.bindings) - count :]

    def reader(self, node: Node, name: str) -> Code:
        """Return a closure that gives the value of a name; what no scope has is null with a warning."""
        self.read.add(name)
        items, binding = self.find(name)
        plain = (
            self._slot_reader(binding.level, binding.slot)
            if binding is not None
            else self._free_reader(node, name)
        )
        return self._item_reader(items, name, plain) if items else plain

    def find(self, name: str) -> tuple[list[Binding], Binding | None]:
        """Return the items that may have an entry of that name, and the binding if there is one."""
        items = []
        for binding in reversed(self.bindings):
            if binding.is_item:
                items.append(binding)
            if binding.name == name:
                return items, binding
        return items, None

    def local_names(self) -> tuple[str, ...]:
        """Return the names that are bound at this place."""
        return tuple(binding.name for binding in self.bindings)

    def raw_reader(self, name: str) -> Code:
        """Return a closure that gives the value of a name, or MISSING."""
        items, binding = self.find(name)
        if binding is not None:
            plain = self._slot_reader(binding.level, binding.slot)
        else:
            plain = self._slot_reader(0, self.free_slot(name))
        return self._item_reader(items, name, plain) if items else plain

    def free_slot(self, name: str) -> int:
        """Return the slot of the outermost frame that a name of the scope is loaded into."""
        if name not in self.free:
            self.free[name] = self.sizes[0]
            self.sizes[0] += 1
        return self.free[name]

    def _free_reader(self, node: Node, name: str) -> Code:
        read = self._slot_reader(0, self.free_slot(name))
        fallback = as_function(name) if name in BUILTINS else None
        span, local = node.span, self.local_names()

        def value(frame: Frame) -> Value:
            found = read(frame)
            if found is not MISSING:
                return found
            if fallback is not None:
                return fallback
            return frame[0].warn_of_name("name", span, name, local, frame[0].names)

        return value

    def _slot_reader(self, level: int, slot: int) -> Code:
        distance = self.level - level
        if distance == 0:
            return itemgetter(slot)
        if distance == 1:
            return lambda frame: frame[1][slot]

        def value(frame: Frame) -> Value:
            for _ in range(distance):
                frame = frame[1]
            return frame[slot]

        return value

    def _item_reader(self, items: list[Binding], name: str, plain: Code) -> Code:
        readers = [self._slot_reader(item.level, item.slot) for item in items]

        def value(frame: Frame) -> Value:
            for read in readers:
                item = read(frame)
                if type(item) is dict and name in item:
                    return item[name]
            return plain(frame)

        return value


def rule(kind: type[NodeKind]) -> Callable[[Rule[NodeKind]], Rule[NodeKind]]:
    """Declare how a kind of node is compiled."""

    def register(compile_node: Rule[NodeKind]) -> Rule[NodeKind]:
        RULES[kind] = compile_node  # type: ignore[assignment]  # the table pairs each kind with its own rule
        return compile_node

    return register
