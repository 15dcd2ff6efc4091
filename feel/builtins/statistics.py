"""Functions over the numbers, or other ordered values, of a list."""

from __future__ import annotations

from decimal import Decimal

from feel.arithmetic import add
from feel.builtins.registry import RefusedError, builtin, in_range
from feel.limits import Run
from feel.order import compare, family
from feel.values import NUMBERS, Value

NOWHERE = (0, 0)


@builtin("min(list...)")
def minimum(run: Run, items: list[Value]) -> Value:
    """Return the least item; null of an empty list or of unlike items."""
    return _extreme(run, items, -1)


@builtin("max(list...)")
def maximum(run: Run, items: list[Value]) -> Value:
    """Return the greatest item; null of an empty list or of unlike items."""
    return _extreme(run, items, 1)


@builtin("sum(list...)")
def total(run: Run, items: list[Value]) -> Value:
    """Return the sum of numbers, or of durations of one kind; null of an empty list."""
    run.spend(len(items))
    if not items:
        return None
    kinds = {family(item) for item in items}
    if len(kinds) > 1 or not kinds <= {"number", "days and time duration", "years and months duration"}:
        raise RefusedError(", ".join(sorted(kinds)))
    sum_so_far = items[0]
    for item in items[1:]:
        sum_so_far = add(run, sum_so_far, item, NOWHERE)
    return sum_so_far


@builtin("mean(list...)")
def mean(run: Run, items: list[Value]) -> Value:
    """Return the arithmetic mean."""
    return _mean(_numbers(run, items))


@builtin("product(list...)")
def product(run: Run, items: list[Value]) -> Value:
    """Return the product."""
    outcome = Decimal(1)
    for item in _numbers(run, items):
        outcome = NUMBERS.multiply(outcome, item)
    return in_range(outcome)


@builtin("median(list...)")
def median(run: Run, items: list[Value]) -> Value:
    """Return the middle number, or the mean of the two in the middle."""
    if not items:
        return None
    ordered = sorted(_numbers(run, items))
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else _mean(ordered[middle - 1 : middle + 1])


@builtin("stddev(list...)")
def stddev(run: Run, items: list[Value]) -> Value:
    """Return the standard deviation of a sample of at least two numbers."""
    numbers = _numbers(run, items)
    middle = _mean(numbers)
    if middle is None or len(numbers) < 2:
        raise RefusedError(str(len(numbers)))
    run.spend(len(numbers))
    squares = Decimal(0)
    for value in numbers:
        squares = NUMBERS.add(squares, NUMBERS.power(NUMBERS.subtract(value, middle), 2))
    return in_range(NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(numbers) - 1))))


@builtin("mode(list...)")
def mode(run: Run, items: list[Value]) -> list[Value]:
    """Return the numbers that occur most often, in ascending order."""
    if not items:
        return []
    counts: dict[Decimal, int] = {}
    for item in _numbers(run, items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values())
    return sorted(value for value, times in counts.items() if times == most)


def _extreme(run: Run, items: list[Value], sign: int) -> Value:
    run.spend(len(items))
    if not items:
        return None
    best = items[0]
    for item in items:
        order = compare(run, item, best)
        if order is None:
            raise RefusedError(f"{family(item)}, {family(best)}")
        if order == sign:
            best = item
    return best


def _numbers(run: Run, items: list[Value]) -> list[Decimal]:
    run.spend(len(items))
    if not items:
        raise RefusedError("[]")
    for item in items:
        if type(item) is not Decimal:
            raise RefusedError(family(item))
    return items


def _mean(numbers: list[Decimal]) -> Decimal | None:
    total_so_far = Decimal(0)
    for value in numbers:
        total_so_far = NUMBERS.add(total_so_far, value)
    return in_range(NUMBERS.divide(total_so_far, Decimal(len(numbers))))
