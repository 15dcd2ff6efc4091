"""Random expressions that reach every kind of node and every built-in, small enough to be printed in a report.

Everything takes a `Random`: Hypothesis lends one that it can shrink, the long fuzzer seeds one.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from feel.builtins import BUILTINS
from feel.builtins.registry import Builtin, Parameter

NAMES = ("保费", "x", "y", "list", "应缴 保费", "a-b", "unit")
SCOPE_NAMES = ("保费", "x", "y", "应缴 保费", "a-b", "unit")
DEPTH = 4
NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "0.5",
    "-2.5",
    "10",
    "100",
    "1000000",
    "0.0000001",
    "9999999999999999999999999999999999",
    "1e30",
)
STRINGS = (
    '""',
    '"a"',
    '"火灾"',
    '"a,b"',
    '"2026-05-01"',
    '"10:00:00"',
    '"P1D"',
    '"[1..5]"',
    '"a+"',
    '"(a)(b)?"',
    '"$1"',
    '"\\u4e2d"',
)
MOMENTS = (
    '@"2026-05-01"', '@"2024-02-29"', '@"-0001-01-01"', '@"99999-12-31"', '@"10:00:00"', '@"23:59:59.999Z"',
    '@"10:00:00@Asia/Shanghai"', '@"2026-05-01T10:00:00"', '@"2026-05-01T10:00:00+08:00"',
    '@"2026-05-01T10:00:00@Europe/Paris"', '@"P1Y2M"', '@"-P13M"', '@"P1DT2H"', '@"-PT1S"', '@"PT0S"', '@"nonsense"',
)  # fmt: skip
TYPES = (
    "number", "string", "boolean", "date", "time", "date and time", "days and time duration", "Any", "Null",
    "years and months duration", "list<number>", "list<Any>", "context<a: number>", "range<number>", "unknown thing",
    "function<number> -> number", "list<list<string>>",
)  # fmt: skip
SIGNS = ("+", "-", "*", "/", "**")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
DATES, TIMES, DATE_TIMES, MONTHS, DAYS = (
    MOMENTS[:4],
    MOMENTS[4:7],
    MOMENTS[7:10],
    MOMENTS[10:12],
    MOMENTS[12:15],
)
BOOLEANS = ("true", "false", "x > 1")
KINDS: dict[str, tuple[str, ...]] = {
    "number": NUMBERS,
    "string": STRINGS,
    "date": DATES,
    "time": TIMES,
    "moment": DATE_TIMES,
    "day": (*DATES, *DATE_TIMES),
    "months": MONTHS,
    "days": DAYS,
    "duration": (*MONTHS, *DAYS),
    "point": (*NUMBERS, *DATES),
    "context": ("{x: 1}", "{x: {y: 2}, y: 3}", "unit[1]"),
    "range": ("[1..3]", "(1..2)", "(3..10]", "[10..100)", "(> 2)", "(<= 3)", f"[{DATES[1]}..{DATES[0]}]"),
    "function": ("function(x, y) x < y", "function(x, y) true", "function(x) x"),
    "boolean": BOOLEANS,
    "each": ("[1, 2]", "[]", "x", "y"),
    "any": (*NUMBERS, *STRINGS, *MOMENTS, *BOOLEANS, "null", "[1, 2]", "{x: 1}", "[1..3]"),
    "list": ("[3, 1, 2]", '["a", "b"]', "[true, false]", "[[1], [2, [3]]]", "unit", "y", "[]", "[null, 1]"),
}
"""What a parameter of each kind can be given."""

SIGNATURES: tuple[Builtin, ...] = tuple(one for known in BUILTINS.values() for one in known)

MEANT: dict[str, tuple[str, ...]] = {
    "from: string": (*STRINGS[4:8], '"1 000"', '"12.5"'),
    "grouping separator: string": ('" "', '","', '"."', "null"),
    "decimal separator: string": ('","', '"."'),
    "timezone: string": ('"Asia/Shanghai"', '"Nowhere/Land"'),
    "flags: string": ('"i"', '""', '"z"'),
    "key: string": ('"x"', '"z"'),
    "key: list": ('["x"]', '["x", "y"]'),
    "keys: list": ('["x"]', '["x", "y"]', '["z"]', "[]"),
    "entries: list": ('[{key: "a", value: 1}]', '[{key: "a"}]'),
    "contexts: list": ("[{x: 1}, {y: 2}]", "unit", "[1]"),
    "list: any": ("[3, 1, 2]", "[true, false]", "[null, 1]", f"[{', '.join(DAYS)}]", "y", "x", "[]"),
    "year: number": ("2024", "-1", "99999"),
    "month: number": ("1", "2", "12", "13"),
    "day: number": ("1", "2", "29", "30"),
    "hour: number": ("0", "10", "23", "24"),
    "minute: number": ("0", "30", "59", "60"),
    "second: number": ("0", "30", "59.5", "60"),
    "scale: number": ("0", "2", "-1", "30"),
}
"""What a parameter is mostly meant for, where its kind alone says too little."""


def expression(random: Random, depth: int = DEPTH) -> str:
    """Return a random expression."""
    if depth <= 0 or random.random() < 0.15:
        return leaf(random)
    return random.choice(BRANCHES)(random, depth - 1)


def leaf(random: Random) -> str:
    """Return an expression without parts."""
    words = ("true", "false", "null", *NAMES)
    return random.choice(random.choice((NUMBERS, STRINGS, MOMENTS, words)))


def cell(random: Random, depth: int = 2) -> str:
    """Return the tests of a cell of a decision table."""
    tests = ", ".join(_test(random, depth) for _ in range(random.randint(1, 3)))
    return random.choice(("-", tests, f"not({tests})"))


def _inner(random: Random, depth: int) -> str:
    text = expression(random, depth)
    return text if text[:1].isalnum() and " " not in text else f"({text})"


def _chain(random: Random, depth: int) -> str:
    parts = [_inner(random, depth)]
    for _ in range(random.randint(1, 3)):
        parts += [random.choice(SIGNS), _inner(random, depth)]
    return " ".join(parts)


def _compared(random: Random, depth: int) -> str:
    return f"{_inner(random, depth)} {random.choice(COMPARISONS)} {_inner(random, depth)}"


def _junction(random: Random, depth: int) -> str:
    return f" {random.choice(('and', 'or'))} ".join(
        _inner(random, depth) for _ in range(random.randint(2, 3))
    )


def _negated(random: Random, depth: int) -> str:
    return f"-{_inner(random, depth)}"


def _if(random: Random, depth: int) -> str:
    return f"if {expression(random, depth)} then {expression(random, depth)} else {expression(random, depth)}"


def _for(random: Random, depth: int) -> str:
    body = random.choice((expression(random, depth), "x", "partial", "count(partial)", "[x, y]"))
    return f"for {_iterations(random, depth)} return {body}"


def _quantified(random: Random, depth: int) -> str:
    return f"{random.choice(('some', 'every'))} {_iterations(random, depth)} satisfies {expression(random, depth)}"


def _iterations(random: Random, depth: int) -> str:
    domains = []
    for name in ("x", "y")[: random.randint(1, 2)]:
        ends = f"{random.choice(NUMBERS[:8])}..{random.choice(NUMBERS[:8])}"
        domains.append(f"{name} in {random.choice((ends, expression(random, depth), '[1, 2, 3]', '[1..4)'))}")
    return ", ".join(domains)


def _list(random: Random, depth: int) -> str:
    return f"[{', '.join(expression(random, depth) for _ in range(random.randint(0, 4)))}]"


def _context(random: Random, depth: int) -> str:
    keys = random.sample(("x", "y", "a b", '"c-d"', '"中 文"', "unit", "if"), random.randint(0, 3))
    return "{" + ", ".join(f"{key}: {expression(random, depth)}" for key in keys) + "}"


def _range(random: Random, depth: int) -> str:
    if random.random() < 0.3:
        return f"({random.choice(COMPARISONS)} {_inner(random, depth)})"
    ends = f"{_inner(random, depth)}..{_inner(random, depth)}"
    return f"{random.choice('[(]')}{ends}{random.choice('])[')}"


def _path(random: Random, depth: int) -> str:
    keys = ("x", "a b", "c-d", "year", "time offset", "months", "start included", "nothing")
    return f"({expression(random, depth)}).{random.choice(keys)}"


def _filter(random: Random, depth: int) -> str:
    condition = random.choice((expression(random, depth), "item > 1", "x = 1", "1", "-1", "true", "item"))
    return f"({expression(random, depth)})[{condition}]"


def _in(random: Random, depth: int) -> str:
    tests = ", ".join(_test(random, depth) for _ in range(random.randint(1, 3)))
    return f"{_inner(random, depth)} in ({tests})"


def _test(random: Random, depth: int) -> str:
    return random.choice((_range, _compared_input, expression))(random, depth - 1)


def _compared_input(random: Random, depth: int) -> str:
    return random.choice(
        (f"? {random.choice(COMPARISONS)} {_inner(random, depth)}", f"< {_inner(random, depth)}", "? = x")
    )


def _between(random: Random, depth: int) -> str:
    return f"{_inner(random, depth)} between {_inner(random, depth)} and {_inner(random, depth)}"


def _instance(random: Random, depth: int) -> str:
    return f"{_inner(random, depth)} instance of {random.choice(TYPES)}"


def _function(random: Random, depth: int) -> str:
    body = random.choice((expression(random, depth), "x", "x < y", 'external {java: {class: "x"}}'))
    parameters = random.choice(
        ("", "x", "x, y", "x: number", "x: string, y: list<number>", "x: unknown thing")
    )
    text = f"function({parameters}) {body}"
    return random.choice(
        (
            text,
            f"({text})({_arguments(random, depth)})",
            f"{{f: {text}, r: f({_arguments(random, depth)})}}.r",
        )
    )


def call(random: Random, depth: int = 1) -> str:
    """Return a call of a built-in, mostly with arguments of the kinds that one of its signatures takes."""
    one = random.choice(SIGNATURES)
    if random.random() < 0.2:
        return f"{one.name}({_arguments(random, depth)})"
    required = sum(not parameter.optional for parameter in one.parameters)
    parameters = one.parameters[: random.randint(required, len(one.parameters))]
    arguments = [_argument(random, depth, parameter) for parameter in parameters]
    if random.random() < 0.15:
        arguments = [f"{each.name}: {text}" for each, text in zip(parameters, arguments, strict=True)]
    return f"{one.name}({', '.join(arguments)})"


def _argument(random: Random, depth: int, parameter: Parameter) -> str:
    if random.random() < 0.1:
        return expression(random, depth)
    return random.choice(MEANT.get(f"{parameter.name}: {parameter.kind}") or KINDS[parameter.kind])


def _arguments(random: Random, depth: int) -> str:
    return ", ".join(expression(random, depth) for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4))))


BRANCHES: tuple[Callable[[Random, int], str], ...] = (
    _chain, _compared, _junction, _negated, _if, _for, _quantified, _list, _context, _range, _path, _filter, _in,
    _between, _instance, _function, call, call, call, call,
)  # fmt: skip
