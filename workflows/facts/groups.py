"""Facts in groups: what is read together, by the names that forms use, and only when one of them is asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from workflows.acts import Act
from workflows.reading import Facts


class UndeclaredFactError(LookupError):
    """A group read a fact under a name that it does not declare, so that no form would ever be given it."""


class Group(Struct, frozen=True):
    """Facts that one look at the records gives, and the names that it may give them."""

    read: Callable[[Act], Facts]
    names: frozenset[str]


def about(row_of: Callable[[Act], object], read: Callable[..., Facts], *names: str) -> Group:
    """Return the group that reads facts of one row of the case; without such a row it is empty."""

    def read_row(act: Act) -> Facts:
        row = row_of(act)
        return {} if row is None else read(act, row)

    return Group(read_row, frozenset(names))


class CaseFacts(Mapping[str, object]):
    """What a case's records say now. Of two groups that know a name, the later one is heard."""

    def __init__(self, act: Act, groups: Sequence[Group]) -> None:
        """Read within this command."""
        self._act = act
        self._groups: dict[str, list[Group]] = {}
        for group in reversed(groups):
            for name in group.names:
                self._groups.setdefault(name, []).append(group)
        self._read: dict[int, Facts] = {}

    def __getitem__(self, name: str) -> object:
        """Return a fact; its group is read once. Raises: KeyError, UndeclaredFactError."""
        for group in self._groups.get(name, ()):
            if name in (facts := self._of(group)):
                return facts[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Give the names of all facts that there are; this reads every group."""
        return (name for name, groups in self._groups.items() if any(name in self._of(one) for one in groups))

    def __len__(self) -> int:
        """Return how many facts there are; this reads every group."""
        return sum(1 for _ in self)

    def _of(self, group: Group) -> Facts:
        if id(group) not in self._read:
            facts = group.read(self._act)
            if undeclared := facts.keys() - group.names:
                raise UndeclaredFactError("、".join(sorted(undeclared)))
            self._read[id(group)] = facts
        return self._read[id(group)]
