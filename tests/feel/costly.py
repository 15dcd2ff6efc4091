"""Expressions whose every step costs much; run as a module, it tells how many calls each makes, and for how much fuel.

Calls of Python's own functions and of its library are counted, which is the same on every machine and at any load.
"""

from __future__ import annotations

import json
from cProfile import Profile
from typing import Any

import feel
from tests.feel.engine import HOST

SHANGHAI, PARIS = '@"2024-01-01T00:00:00@Asia/Shanghai"', '@"2024-01-01T00:00:00@Europe/Paris"'
SEVENTHS = "*".join(["(1/7)"] * 30)
LISTS = [[list(range(7)) for _ in range(100)] for _ in range(260)]
CONTEXTS = [{f"k{key}": number for key in range(100)} for number in range(1000)]
TEXTS = [["火" * 60] * 100] * 400

COSTLY: dict[str, tuple[str, dict[str, Any]]] = {
    "lists of data": ("count(a)", {"a": LISTS}),
    "contexts of data": ("a.k5", {"a": CONTEXTS}),
    "texts of data": ("count(a)", {"a": TEXTS}),
    "given back": ("for i in 1..200 return a", {"a": list(range(1000))}),
    **{
        name: (f"for i in 1..10000 return {body}", {})
        for name, body in {
            "regions that are none": 'time("10:00:00@A/X" + string(i))',
            "moments of regions": f'{SHANGHAI} + @"P1D" * i < {PARIS} + @"P1D" * i',
            "offsets of regions": f'({SHANGHAI} + @"P1D" * i).time offset',
            "days far away": '@"99999-01-01" + @"P1D" * i < @"99999-01-01"',
            "quotients": SEVENTHS,
            "sums": " + ".join(["i"] * 40),
            "powers": "i ** 9999",
            "ranges": "overlaps([i..i + 1], [i..i + 2])",
            "rounding": "round half up(1 / i, 30)",
            "roots": "sqrt(i)",
            "durations": 'duration("P" + string(i) + "D")',
            "moments from text": 'date and time("2024-01-01T10:00:00.5@Asia/Shanghai" + "")',
            "numbers from text": 'number(string(i), ",", ".")',
            "classes with a subtraction": r'matches("a", "[\\p{L}-[n]]" + string(i))',
            "patterns that are none": 'matches("a", "(?=" + string(i))',
            "lists as text": "string([1, 2, 3, 4, 5, 6, 7, 8, 9])",
            "kinds of lists": "[i, i, i, i] instance of list<number>",
            "loops in a loop": "for j in 1..1 return j",
            "reasons for null": "1 + null",
        }.items()
    },
    "two calls in a call": (
        "{f: function(x, n) if n = 0 then x else f(f(x, n - 1), n - 1), r: f(1, 30)}.r",
        {},
    ),
    "moments sorted": (f'sort(for i in 1..3000 return {SHANGHAI} + @"P1D" * modulo(i * 7919, 3000))', {}),
    "the last moment": (
        f'{{l: for i in 1..3000 return {SHANGHAI} + @"P1D" * i, r: for j in 1..99 return max(l)}}',
        {},
    ),
}

READ_ONCE = (f"{SHANGHAI} < {PARIS}", r'matches("a", "[\\p{L}-[n]]")')
"""What reads the lists of regions and of characters, once in the life of a process: that is not counted."""


def main() -> None:
    """Print for each expression the calls that were made, the fuel that they took, and how it ended."""
    for text in READ_ONCE:
        feel.evaluate(text, {}, HOST)
    print(json.dumps({name: _work(text, scope) for name, (text, scope) in COSTLY.items()}))


def _work(text: str, scope: dict[str, Any]) -> tuple[int, int, str]:
    program = feel.compile(text, feel.names_in(scope), HOST)
    meter, profile = feel.Meter(), Profile()
    with profile:
        end = _end(program, scope, meter)
    calls = sum(entry.callcount for entry in profile.getstats())
    return calls, feel.ADVANCE_FUEL - meter.fuel, end


def _end(program: feel.Program, scope: dict[str, Any], meter: feel.Meter) -> str:
    try:
        program(scope, meter)
    except feel.FeelLimitError as error:
        return error.bound
    return "value"


if __name__ == "__main__":
    main()
