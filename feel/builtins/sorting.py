"""`sort`, by a function that tells whether one item precedes another, or by the natural order."""

from __future__ import annotations

from functools import cmp_to_key

from feel.builtins.registry import RefusedError, builtin
from feel.costs import SORT_FUEL
from feel.limits import Run
from feel.order import compare
from feel.values import Function, Value


@builtin("sort(list: list, precedes: function?)")
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> list[Value]:
    """Return the list in order; items that neither precede the other keep their order."""

    def order(one: Value, other: Value) -> int:
        run.spend(SORT_FUEL)
        if precedes is None:
            natural = compare(run, one, other)
            if natural is None:
                raise RefusedError("sort")
            return natural
        if precedes.call(run, [one, other]) is True:
            return -1
        return 1 if precedes.call(run, [other, one]) is True else 0

    if precedes is not None and len(precedes.parameters) != 2:
        raise RefusedError("precedes")
    return sorted(items, key=cmp_to_key(order))
