"""Random expressions of the part of the language that forms and diagrams live on, typed, with a null now and then.

This is what the browser computes with feelin and the server with ours: both must say the same.
"""

from __future__ import annotations

from random import Random

SCOPE: dict[str, object] = {
    "保费": 60000,
    "人数": 12,
    "高危": True,
    "行业": "矿山",
    "备注": None,
    "隐患": [{"级别": "重大", "数": 2}, {"级别": "一般", "数": 5}],
    "数列": [1, 2, 3],
    "单位": {"名称": "甲", "规模": {"人": 30}},
}


def condition(random: Random, depth: int = 3) -> str:
    """Return a random expression of one of the five kinds."""
    return random.choice((number, boolean, boolean, text, items, context))(random, depth)


def number(random: Random, depth: int) -> str:
    """Return a number."""
    if depth <= 0 or random.random() < 0.3:
        return random.choice(
            ("0", "1", "2", "3", "10", "0.5", "保费", "人数", "单位.规模.人", "数列[1]", "隐患[2].数")
        )
    inner = depth - 1
    return random.choice(
        (
            f"({number(random, inner)} {random.choice('+-*')} {number(random, inner)})",
            f"({number(random, inner)} / {random.choice(('2', '4', '10'))})",
            f"-({number(random, inner)})",
            f"count({items(random, inner)})",
            f"sum({items(random, inner)})",
            f"{random.choice(('min', 'max'))}({number(random, inner)}, {number(random, inner)})",
            f"{random.choice(('floor', 'ceiling', 'abs'))}({number(random, inner)})",
            f"modulo({number(random, inner)}, {random.choice(('3', '7'))})",
            f"string length({text(random, inner)})",
            f"(if {boolean(random, inner)} then {number(random, inner)} else {number(random, inner)})",
            f"{items(random, inner)}[{random.choice(('1', '-1', '2'))}]",
        )
    )


def boolean(random: Random, depth: int) -> str:
    """Return a condition."""
    if depth <= 0 or random.random() < 0.15:
        return random.choice(
            ("true", "false", "null", "高危", '行业 = "矿山"', "保费 > 50000", "备注 = null")
        )
    inner = depth - 1
    return random.choice(
        (
            f"({boolean(random, inner)} {random.choice(('and', 'or'))} {boolean(random, inner)})",
            f"not({boolean(random, inner)})",
            f"({number(random, inner)} {random.choice(('=', '!=', '<', '<=', '>', '>='))} {number(random, inner)})",
            f"({text(random, inner)} {random.choice(('=', '!='))} {text(random, inner)})",
            f"({number(random, inner)} between {number(random, inner)} and {number(random, inner)})",
            f"({number(random, inner)} in {random.choice(('[1..10]', '(1..10)', '[0..100)'))})",
            f"({number(random, inner)} in (1, 2, > 100))",
            '(行业 in ("矿山", "建筑"))',
            f"{random.choice(('contains', 'starts with', 'ends with'))}({text(random, inner)}, {text(random, inner)})",
            f"list contains({items(random, inner)}, {number(random, inner)})",
            f"({random.choice(('some', 'every'))} x in {items(random, inner)} satisfies x > {number(random, inner)})",
            f"(count(隐患[级别 = {text(random, inner)}]) > 0)",
        )
    )


def text(random: Random, depth: int) -> str:
    """Return a text."""
    if depth <= 0 or random.random() < 0.3:
        return random.choice(('""', '"矿山"', '"重大"', '"a"', "行业", "单位.名称", "隐患[1].级别"))
    inner = depth - 1
    return random.choice(
        (
            f"({text(random, inner)} + {text(random, inner)})",
            f"upper case({text(random, inner)})",
            f"substring({text(random, inner)}, 1)",
            f'string join([{text(random, inner)}, {text(random, inner)}], ",")',
            f"(if {boolean(random, inner)} then {text(random, inner)} else {text(random, inner)})",
        )
    )


def items(random: Random, depth: int) -> str:
    """Return a list of numbers."""
    if depth <= 0 or random.random() < 0.2:
        return random.choice(("[]", "[1, 2, 3]", "数列", "隐患.数", "[5]"))
    inner = depth - 1
    return random.choice(
        (
            f"[{number(random, inner)}, {number(random, inner)}]",
            f"(for x in {items(random, inner)} return x + {number(random, inner)})",
            f"(for x in 1..{random.choice('123')} return x * {number(random, inner)})",
            f"{items(random, inner)}[item > {number(random, inner)}]",
            f"append({items(random, inner)}, {number(random, inner)})",
            f"concatenate({items(random, inner)}, {items(random, inner)})",
            f"distinct values({items(random, inner)})",
            f"reverse({items(random, inner)})",
            f"隐患[数 > {number(random, inner)}].数",
        )
    )


def context(random: Random, depth: int) -> str:
    """Return a context, or an entry of one."""
    inner = depth - 1
    made = f"{{a: {number(random, inner)}, b: a + 1}}"
    return random.choice((made, f"({made}).b", f'get value({made}, "a")', f"({made} = {made})"))
