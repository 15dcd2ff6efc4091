"""Every error of the engine has a sentence for people."""

from __future__ import annotations

import pytest

from workflows.engine import (
    DataError,
    DecisionError,
    DiagramError,
    ExpressionError,
    Finding,
    LimitError,
    MoveError,
    NoPathError,
    OperationFailedError,
    StandstillError,
    StateError,
    TokenGoneError,
)
from workflows.engine.wording import sentence


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (DiagramError((Finding("a", "x", "甲错。"), Finding("b", "y", "乙错。"))), "甲错。；乙错。"),
        (NoPathError("g", name="g"), "网关“g”"),
        (StandstillError("j"), "停在网关“j”"),
        (
            ExpressionError("g", site="condition:f1", text="x", reason="boolean", value="5"),
            "条件“f1”“x”不能用：结果不是“是”或“否”（得到 5）",
        ),
        (ExpressionError(None, site="library", text="x", reason="第 1 行"), "表达式“x”不能用：第 1 行"),
        (DecisionError("r", decision="assign", reason="两行都对"), "决策“assign”得不出结果：两行都对"),
        (LimitError("g", what="steps", limit=2000), "超过 2000 步"),
        (LimitError(None, what="feel", limit="太多"), "计算量太大：太多"),
        (OperationFailedError("s", operation="op", reason="坏了"), "操作“op”失败：坏了"),
        (TokenGoneError("a", token="x"), "请刷新页面"),
        (StateError(reason="format"), "读不出来"),
        (DataError(path="a.b", reason="float"), "“a.b”的值不能使用"),
        (MoveError(None, reason="empty"), "没有任何待办"),
        (MoveError(None, reason="return point"), "不能退回"),
    ],
)
def test_an_error_has_a_sentence(error, part):
    assert part in sentence(error)
    assert sentence(error).endswith("。")


def test_an_error_tells_a_programmer_where_and_what():
    assert str(TokenGoneError("a", token="x")) == "TokenGoneError at a: token='x'"
    assert str(DiagramError((Finding("a", "rule", "甲错。"),))) == "a [rule] 甲错。"
