"""What can go wrong with an expression, as data and as a Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from feel.values import scalar_text

SENTENCES = {
    "type": "两边或参数的类型不合",
    "division": "除数为零",
    "number": "结果超出数的范围",
    "name": "没有这个名称",
    "function": "没有这个函数",
    "argument": "函数的参数不合要求",
    "pattern": "正则表达式不能使用",
    "external": "外部函数从不执行",
    "limit": "函数互相调用得太深",
    "coercion": "值与声明的类型不合",
    "overlap": "决策表有几行同时成立，命中规则不允许",
    "input": "没有给出这个输入",
    "broken": "这个决策写得不对，不能计算",
}

LIMITS = {
    "text": "表达式太长",
    "nodes": "表达式太大",
    "nesting": "括号或嵌套太深",
    "fuel": "计算步数太多",
    "string": "文本太长",
    "list": "列表太长",
    "context": "上下文的条目太多",
    "range": "循环的范围太大",
    "digits": "数的位数太多",
    "depth": "嵌套太深",
}


class FeelError(Exception):
    """Base of what this package raises."""


class FeelTypeError(FeelError):
    """The host handed something in that the language does not know: a fault of the program, not of a person."""


class FeelLimitError(FeelError):
    """An evaluation went beyond a bound; `bound` names it and `allowed` is its value."""

    def __init__(self, bound: str, allowed: int) -> None:
        super().__init__(f"{LIMITS[bound]}：最多 {allowed}。")
        self.bound = bound
        self.allowed = allowed


class FeelSyntaxError(FeelError, SyntaxError):
    """A text that is not FEEL: where, what was found, what would have been right, and a suggestion.

    `line` and `column` start at 1; `length` counts characters and may be 0 at the end of the text.
    """

    def __init__(self, text: str, start: int, length: int, expected: str, suggestion: str = "") -> None:
        self.line = text.count("\n", 0, start) + 1
        self.column = start - text.rfind("\n", 0, start)
        self.start = start
        self.length = length
        self.found = text[start : start + length]
        self.expected = expected
        self.suggestion = suggestion
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        found = f"遇到“{_shortened(self.found)}”" if self.found else "表达式到此就结束了"
        sentence = f"第 {self.line} 行第 {self.column} 个字：{found}，{self.expected}。"
        return sentence + self.suggestion


class NullReason(Struct, frozen=True):
    """Why a part of an expression became null: a code of `SENTENCES`, the place in the text, details.

    `suggestion` is the name that may have been meant by one that nobody knows.
    """

    code: str
    start: int
    end: int
    detail: str = ""
    suggestion: str = ""

    def sentence(self, text: str = "") -> str:
        """Return the reason as a Chinese sentence, with the part of `text` it speaks about."""
        return reason_sentence(self.told(text))

    def told(self, text: str) -> dict[str, str]:
        """Return the parts of the sentence: `part` of the text, `why` in words, `detail`, `suggestion`."""
        part = _shortened(text[self.start : self.end])
        return {
            "part": part,
            "why": SENTENCES[self.code],
            "detail": self.detail,
            "suggestion": self.suggestion,
        }


def reason_sentence(told: Mapping[str, str]) -> str:
    """Return the sentence of what `NullReason.told` gave, which events keep."""
    where = f"“{told['part']}”为空：" if told["part"] else ""
    detail = f"（{told['detail']}）" if told["detail"] else ""
    hint = f"是不是“{told['suggestion']}”？" if told["suggestion"] else ""
    return f"{where}{told['why']}{detail}。{hint}"


def _shortened(text: str) -> str:
    return scalar_text(text if len(text) <= 40 else text[:39] + "…")
