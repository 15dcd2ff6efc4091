"""Mappings that cost nothing until somebody looks: layers over each other, and one that is made later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property


class Layers(Mapping[str, object]):
    """Several mappings read as one; the first that knows a name is heard. Nothing is copied."""

    def __init__(self, *layers: Mapping[str, object]) -> None:
        """Lay the mappings over each other, the strongest first."""
        self._layers = layers

    def __getitem__(self, name: str) -> object:
        """Return the first value of this name. Raises: KeyError."""
        for layer in self._layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Give every name once."""
        return iter(dict.fromkeys(name for layer in reversed(self._layers) for name in layer))

    def __len__(self) -> int:
        """Return how many names there are."""
        return sum(1 for _ in self)


class Later(Mapping[str, object]):
    """A mapping that is made when somebody first looks into it."""

    def __init__(self, make: Callable[[], Mapping[str, object]]) -> None:
        """Ask `make` when the time has come."""
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, object]:
        return self._make()

    def __getitem__(self, name: str) -> object:
        """Return a value. Raises: KeyError."""
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._made)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._made)
