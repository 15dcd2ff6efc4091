"""Functions of lists. Places count from 1, or from the end if negative."""

from __future__ import annotations

from decimal import Decimal

from feel.builtins.registry import RefusedError, builtin
from feel.errors import FeelLimitError
from feel.limits import LIST, Run
from feel.order import distinct, equal, is_member
from feel.values import Function, Value


@builtin("list contains(list: list, element)")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    """Tell whether a list has an equal item."""
    return is_member(run, element, items)


@builtin("count(list: list)")
def count(_run: Run, items: list[Value]) -> Decimal:
    """Return the number of items."""
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length: number~)")
def sublist(_run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value]:
    """Return the items from a place on."""
    first = _index(items, start)
    if length is not None and (length < 1 or first + int(length) > len(items)):
        raise RefusedError(str(length))
    return items[first:] if length is None else items[first : first + int(length)]


@builtin("append(list: list, item: each...)")
def append(_run: Run, items: list[Value], more: list[Value]) -> list[Value]:
    """Return the list with items at its end."""
    return [*items, *more]


@builtin("concatenate(list: each...)")
def concatenate(run: Run, lists: list[Value]) -> list[Value]:
    """Return the items of all lists in one."""
    return _joined(run, lists)


@builtin("union(list: each...)")
def union(run: Run, lists: list[Value]) -> list[Value]:
    """Return the items of all lists in one, without repetitions."""
    return distinct(run, _joined(run, lists))


@builtin("insert before(list: list, position: number, newItem)")
def insert_before(_run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    """Return the list with an item put before a place."""
    place = _index(items, position)
    return [*items[:place], item, *items[place:]]


@builtin("remove(list: list, position: number)")
def remove(_run: Run, items: list[Value], position: Decimal) -> list[Value]:
    """Return the list without the item at a place."""
    place = _index(items, position)
    return [*items[:place], *items[place + 1 :]]


@builtin("reverse(list: list)")
def reverse(_run: Run, items: list[Value]) -> list[Value]:
    """Return the list backwards."""
    return items[::-1]


@builtin("index of(list: list, match)")
def index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    """Return the places of all equal items."""
    run.spend(len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(run, item, match) is True]


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """Return the list without repetitions."""
    return distinct(run, items)


@builtin("duplicate values(list: list)")
def duplicate_values(run: Run, items: list[Value]) -> list[Value]:
    """Return the values that occur more than once, each once."""
    seen: list[Value] = []
    twice: list[Value] = []
    for item in items:
        (twice if is_member(run, item, seen) else seen).append(item)
    return distinct(run, twice)


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    """Return the items of all lists inside of lists."""
    found: list[Value] = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            run.spend(1)
            if type(item) is list:
                pending.append(iter(item))
                break
            found.append(item)
        else:
            pending.pop()
    return found


@builtin("list replace(list: list, position: number, newItem)")
def list_replace(_run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    """Return the list with the item at a place replaced."""
    place = _index(items, position)
    return [*items[:place], item, *items[place + 1 :]]


@builtin("list replace(list: list, match: function, newItem)")
def list_replace_matching(run: Run, items: list[Value], match: Function, item: Value) -> list[Value]:
    """Return the list with every item replaced for which the function gives true."""
    if len(match.parameters) != 2:
        raise RefusedError(str(len(match.parameters)))
    found = []
    for old in items:
        run.spend(1)
        outcome = match.call(run, [old, item])
        if type(outcome) is not bool:
            raise RefusedError("match")
        found.append(item if outcome else old)
    return found


def _index(items: list[Value], position: Decimal) -> int:
    """Return the place of Python; raises RefusedError if the list has no such place."""
    place = int(position) if abs(position) <= LIST else 0
    if place == 0 or abs(place) > len(items):
        raise RefusedError(str(position))
    return place - 1 if place > 0 else len(items) + place


def _joined(_run: Run, lists: list[Value]) -> list[Value]:
    if any(part is None for part in lists) or not lists:
        raise RefusedError("null")
    parts = [part if type(part) is list else [part] for part in lists]
    if sum(map(len, parts)) > LIST:
        raise FeelLimitError("list", LIST)
    return [item for part in parts for item in part]
