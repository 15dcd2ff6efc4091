"""The catalogue of operations that a diagram may call: a name, what goes in, what comes out."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from workflows.errors import UnknownOperationError

if TYPE_CHECKING:
    from workflows.acts import Act

Inputs = Mapping[str, object]
Outputs = Mapping[str, object]


class Operation(Struct, frozen=True):
    """One entry of the catalogue. `title` is what the designer shows."""

    name: str
    title: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    run: Callable[["Act", Inputs], Outputs]


OPERATIONS: dict[str, Operation] = {}


def operation(
    title: str, *, inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = ()
) -> Callable[[Callable[["Act", Inputs], Outputs]], Callable[["Act", Inputs], Outputs]]:
    """Enter a function into the catalogue under its own name."""

    def enter(function: Callable[["Act", Inputs], Outputs]) -> Callable[["Act", Inputs], Outputs]:
        OPERATIONS[function.__name__] = Operation(function.__name__, title, inputs, outputs, function)
        return function

    return enter


def find_operation(name: str, element: str) -> Operation:
    """Return the operation of this name. Raises: UnknownOperationError."""
    if (found := OPERATIONS.get(name)) is None:
        raise UnknownOperationError(operation=name, element=element)
    return found
