"""The command: read a file of worked examples, answer each, print where answers and expectations part."""

import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from rules.errors import MissingFactError, RulesError, UnknownCodeError, UnknownParameterError
from rules.examples.questions import answer

USAGE = "用法：python3 run.py rules 文件 [--json]"
AGREED, DIFFERENT, WRONG_USE = 0, 1, 2
ABSENT = "（没有答案）"
# What an input that is not of the documented form makes the readers raise.
UNANSWERABLE = (RulesError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError)


class Difference(Struct, frozen=True):
    """A key on which the answer is not what the example expects."""

    key: str
    expected: Any  # Any: JSON
    got: Any  # Any: JSON


class Outcome(Struct, frozen=True):
    """How one example came out; `error` says why it could not be answered at all."""

    id: str
    differences: tuple[Difference, ...] = ()
    error: str = ""

    @property
    def is_agreed(self) -> bool:
        """Whether the answer is what the example expects."""
        return not self.differences and not self.error


def main(argv: Sequence[str]) -> int:
    """Run `rules FILE [--json]`: 0 = all agree, 1 = some differ, 2 = wrong use."""
    files = [item for item in argv if item != "--json"]
    if len(files) != 1 or files[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return WRONG_USE
    try:
        text = Path(files[0]).read_text(encoding="utf-8-sig")  # editors on Windows begin it with a mark
        outcomes = [_outcome(example) for example in _examples(text)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        print(
            f"读不出判例文件 {files[0]}：{error}。请给出形如 cases/README.md 的 JSON 文件。", file=sys.stderr
        )
        return WRONG_USE
    _print_json(outcomes) if "--json" in argv else _print_lines(outcomes)
    return AGREED if all(item.is_agreed for item in outcomes) else DIFFERENT


def is_same(expected: object, got: object) -> bool:
    """Tell whether two JSON values are the same: yes is not 1, text is not a number, order counts."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(is_same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(is_same(expected[key], got[key]) for key in expected)
    return expected == got


def _examples(text: str) -> list[Any]:  # Any: JSON
    """Return the examples of a file. Raises: ValueError, KeyError, TypeError, RecursionError."""
    found = json.loads(text, parse_float=Decimal)["examples"]
    if not isinstance(found, list) or not found:
        raise ValueError("examples 里没有判例")
    return found


def _outcome(example: Any) -> Outcome:  # noqa: ANN401  # JSON
    name = str(example.get("id", "")) if isinstance(example, dict) else ""
    try:
        expected: Mapping[str, object] = dict(example["expected"])
        got = answer(str(example["topic"]), example["input"])
    except UNANSWERABLE as error:
        return Outcome(name, error=_problem(error))
    wrong = (key for key in expected if not is_same(expected[key], got.get(key, ABSENT)))
    return Outcome(name, tuple(Difference(key, expected[key], got.get(key, ABSENT)) for key in wrong))


def _problem(error: Exception) -> str:
    """Return what is wrong with an input, as its author can mend it."""
    match error:
        case KeyError(args=[key, *_]) | MissingFactError(fact=key):
            return f"缺少 {key}"
        case UnknownCodeError(table="question", code=keys):
            return f"从这些输入看不出问的是什么：{keys or '（空）'}"
        case UnknownParameterError(name=name, on=on, profile=profile):
            return f"口径 {profile} 在 {on} 没有参数 {name}"
        case RulesError():
            return f"规则不认这个输入：{error}"
        case TypeError() | AttributeError():
            return "判例的形状不对：请照 cases/README.md 写"
        case _:
            return f"输入里有读不懂的值：{error}"


def _print_lines(outcomes: Sequence[Outcome]) -> None:
    for item in outcomes:
        if item.is_agreed:
            print(f"{item.id} ok")
        elif item.error:
            print(f"{item.id} 无法作答：{item.error}")
        else:
            print(f"{item.id} {'；'.join(map(_words, item.differences))}")
    agreed = sum(item.is_agreed for item in outcomes)
    print(f"共 {len(outcomes)} 例，{agreed} 例一致，{len(outcomes) - agreed} 例不一致")


def _words(difference: Difference) -> str:
    return f"{difference.key} 应为 {_json(difference.expected)}，算得 {_json(difference.got)}"


def _print_json(outcomes: Sequence[Outcome]) -> None:
    print(_json([to_builtins(item) | {"ok": item.is_agreed} for item in outcomes]))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
