"""Hard gates: what must be there before a step may be done, and what of it is missing."""

from collections.abc import Iterable, Mapping

from msgspec import Struct


class Gate(Struct, frozen=True):
    """A gate: `missing` names what is not there, in the order of the article; open when nothing is."""

    missing: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def gate(elements: Iterable[str], given: Mapping[str, object]) -> Gate:
    """Return the gate that asks for each of the elements; blank text, 0, no and nothing are missing."""
    return Gate(tuple(name for name in elements if not is_given(given.get(name))))


def is_given(value: object) -> bool:
    """Tell whether a value says anything: blank text does not."""
    return bool(value.strip() if isinstance(value, str) else value)
