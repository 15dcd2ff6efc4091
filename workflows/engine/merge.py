"""How the data of parallel branches becomes one again.

The library merges lists item by item and lets a stale copy win; here mappings are merged key by key,
everything else is replaced, and only what a branch changed since the split counts (engine.md §8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Data = dict[str, object]


def merged(base: Mapping[str, object], branches: Iterable[Mapping[str, object]]) -> Data:
    """Return the data after a join: `base` is what was known at the split; a later branch wins a conflict."""
    result = dict(base)
    for branch in branches:
        for key, value in branch.items():
            if key not in base or not same(base[key], value):
                result[key] = _combined(base.get(key), result.get(key), value)
        for key in base:
            if key not in branch:
                result.pop(key, None)
    return result


def changes(base: Mapping[str, object], data: Mapping[str, object]) -> tuple[Data, list[str]]:
    """Return what `data` has other than `base`: changed keys with values, and keys that are gone."""
    changed = {key: value for key, value in data.items() if key not in base or not same(base[key], value)}
    return changed, [key for key in base if key not in data]


def carried(target: Mapping[str, object], base: Mapping[str, object], data: Mapping[str, object]) -> Data:
    """Return `target` with what has become other in `data` than it was in `base`."""
    changed, gone = changes(base, data)
    return {key: value for key, value in target.items() if key not in gone} | changed


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal and of one kind: True is not 1, and 1 is not 1.0 of another kind."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _combined(base: object, current: object, value: object) -> object:
    """Return a changed value, joined with what an earlier branch did to the same mapping."""
    if isinstance(current, dict) and isinstance(value, dict):
        return merged(base if isinstance(base, dict) else {}, [current, value])
    return value
