"""Boolean functions: `not`, `is`, `all`, `any`."""

from __future__ import annotations

from feel.builtins.registry import RefusedError, builtin
from feel.costs import READ_ITEMS_PER_FUEL
from feel.limits import Run
from feel.order import equal, family
from feel.temporal import DateTime, Time
from feel.values import Value


@builtin("not(negand)")
def negation(_run: Run, value: Value) -> bool | None:
    """Return the opposite of a boolean, null of anything else."""
    if value is None:
        return None
    if type(value) is not bool:
        raise RefusedError(family(value))
    return not value


@builtin("is(value1, value2)")
def is_same(run: Run, one: Value, other: Value) -> bool:
    """Tell whether two values are the same in kind and in every part; moments need the same zone."""
    if type(one) is not type(other):
        return False
    if type(one) in (Time, DateTime):
        return bool(one == other)
    return equal(run, one, other) is True


@builtin("all(list...)")
def every(run: Run, items: list[Value]) -> bool | None:
    """Return false if any item is false, true if all are true, else null."""
    return _folded(run, items, deciding=False)


@builtin("any(list...)")
def some(run: Run, items: list[Value]) -> bool | None:
    """Return true if any item is true, false if all are false, else null."""
    return _folded(run, items, deciding=True)


def _folded(run: Run, items: list[Value], *, deciding: bool) -> bool | None:
    run.spend(len(items) // READ_ITEMS_PER_FUEL)
    if any(item is deciding for item in items):
        return deciding
    for item in items:
        if item is not None and type(item) is not bool:
            raise RefusedError(family(item))
    return None if None in items else not deciding
