"""Every element of BPMN: a small diagram that a case runs through, or the words by which it is refused.

The page for people, docs/bpmn.md, is made of it: `.venv/bin/python -m tests.workflows.engine.elements > docs/bpmn.md`.
"""

# ruff: noqa: E501 - a table is read by its rows

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from tests.workflows.engine.drawing import (
    Shape,
    boundary,
    call,
    catch,
    coded,
    condition,
    decision_table,
    draw,
    end,
    event_gateway,
    fork,
    inclusive,
    inputs,
    link,
    message,
    outputs,
    send,
    service,
    several,
    shape,
    signal,
    start,
    step,
    sub,
    throw,
    timer,
    xor,
)
from workflows.engine.parser_words import REFUSED, REFUSED_EVENTS, REFUSED_ROOTS, SEVERAL

HOW_MADE = (
    "由 `tests/workflows/engine/elements.py` 生成："
    "`.venv/bin/python -m tests.workflows.engine.elements > docs/bpmn.md`。"
)
_ABOUT = (
    "能用的每一种元素都有一张小图和一件走完它的办件：`tests/workflows/engine/test_elements.py`，"
    "在每个等待处把办件写成字节、在新的进程里读回，写入的进程用 kill -9 结束。"
    "不能用的在发布时拒绝，不会等到办件走到那里。"
    "别的工具画的图可以导入，改写成能用的：[howto/import.md](howto/import.md)。"
)
RESULTS: Mapping[str, object] = {
    "quota": {"required": 3},
    "assign": decision_table("U", [('"a"', '"x"'), ('not("a")', '"y"')]),
}
"""What the host answers in these diagrams."""


class Act(Struct, frozen=True):
    """What is open, and what is done then: complete, fire or deliver, to an element, with answers."""

    open: tuple[str, ...]
    verb: str
    element: str
    given: Mapping[str, object]


def on(waits: str, act: str, **given: object) -> Act:
    """Return an act from its words: `on("a b", "complete a", x=1)`."""
    verb, element = act.split()
    return Act(tuple(waits.split()), verb, element, given)


class Row(Struct, frozen=True):
    """An element that runs: how, its diagram, the acts that carry a case through it, where it ends, what it knows."""

    name: str
    how: str
    shapes: list[Shape]
    flows: str
    acts: list[Act]
    ended: str | None = "end"
    known: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    start: str | None = None
    lane: str = "coordinator"
    emitted: tuple[str, ...] = ()
    also: str = ""

    def drawn(self) -> bytes:
        return draw(self.shapes, self.flows, lane=self.lane)


def task(tag: str) -> Shape:
    return shape(tag, "a", extension=outputs("x"))


def receive(identity: str, name: str) -> Shape:
    return shape(
        "receiveTask",
        identity,
        messageRef=f"message_{name}",
        weiran__correlation="key",
        extension=outputs("x"),
    )


A, B, LATE = step("a"), step("b"), step("late")
HOST = sub("p", [start("s"), A, end("e")], "s > a > e")
LINE, WATCHED = "start > a > end", "start > a > b > end"
DAY = timer("duration", "P1D")
TERMINATE = "<bpmn:terminateEventDefinition/>"


def thrown(kind: str) -> Shape:
    """A sub-process in which a step is followed by an end that throws."""
    event = end("raise", coded(kind, "E"))
    return sub("p", [start("s"), A, event], "s > a > raise")


def at_the_edge(event: str, **more: object) -> list[Shape]:
    return [start(), A, boundary("t", "a", event, **more), LATE, end(), end("gone")]


EDGE = "start > a > end; t > late > gone"


def beside(event: str, *, interrupting: bool) -> Shape:
    """An event sub-process with one step."""
    begun = shape("startEvent", "es", event, isInterrupting=str(interrupting).lower())
    return sub("ev", [begun, step("inside", "y"), end("ee")], "es > inside > ee", triggeredByEvent="true")


NESTED_LANES = (
    '<bpmn:laneSet id="lanes"><bpmn:lane id="l1" name="coordinator"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    "<bpmn:flowNodeRef>b</bpmn:flowNodeRef><bpmn:childLaneSet id='inner'><bpmn:lane id='l2' name='expert'>"
    "<bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)

# fmt: off
TASKS = [
    Row("用户任务 userTask", "成为一条待办，由所在泳道的角色办理，填表后往下走", [start(), task("userTask"), end()], LINE, [on("a", "complete a", x=1)], known={"x": 1}),
    Row("手工任务 manualTask", "与用户任务相同", [start(), task("manualTask"), end()], LINE, [on("a", "complete a", x=1)], known={"x": 1}),
    Row("普通任务 task", "与用户任务相同", [start(), task("task"), end()], LINE, [on("a", "complete a", x=1)], known={"x": 1}),
    Row("服务任务 serviceTask", "调用操作目录里的一个操作，输入输出用 FEEL", [start(), A, service("s", "quota", outputs("required")), B, end()], "start > a > s > b > end", [on("a", "complete a"), on("b", "complete b")], known={"required": 3}),
    Row("业务规则任务 businessRuleTask", "算本版本的 DMN 决策表，命中的行记入经过", [start(), A, shape("businessRuleTask", "r", weiran__decision="assign", extension=outputs(expert="result.assign")), B, end()], "start > a > r > b > end", [on("a", "complete a"), on("b", "complete b")], known={"expert": "x"}, data={"region": "a"}),
    Row("发送任务 sendTask", "写明收件的流程、关联键和内容，办结这一步后投递；不能再退回到它之前", [start(), A, send("s", "told", "other", "key"), B, end()], "start > a > s > b > end", [on("a", "complete a"), on("b", "complete b")], data={"key": "k"}, emitted=("told",)),
    Row("接收任务 receiveTask", "等一条消息，关联键用 FEEL，开始等的时候算出", [start(), receive("r", "m"), end()], "start > r > end", [on("r", "deliver r", x=2)], known={"x": 2}, data={"key": "k"}),
    Row("调用活动 callActivity", "开出另一个流程的下级办件，只交给它写明的输入，等它办结，只取回写明的输出（日期取回来是文本）；下级办件有自己的待办和经过；调用不能转圈，最多五层；被中断时下级办件继续办；要在同一个办件里走，请画成内嵌子流程", [start(), A, call("c", "other", inputs(unit="name") + outputs("grade")), end()], "start > a > c > end", [on("a", "complete a"), on("c", "deliver c", grade="优")], known={"grade": "优"}, data={"name": "甲厂"}, also="tests/workflows/test_between_cases.py"),
    Row("调用活动带边界事件", "到时中断等待", [start(), call("c", "other"), boundary("t", "c", DAY), end(), end("gone")], "start > c > end; t > gone", [on("c t", "fire t")], ended="gone"),
]
SCOPES = [
    Row("内嵌子流程 subProcess", "在同一个办件里走，变量带进带出；最多套十层", [start(), sub("p", [start("s"), step("a", "x"), end("e")], "s > a > e"), B, end()], "start > p > b > end", [on("a", "complete a", x=1), on("b", "complete b")], known={"x": 1}),
    Row("子流程套子流程", "由里向外结束", [start(), sub("p", [start("s"), sub("q", [start("s2"), A, end("e2")], "s2 > a > e2"), end("e")], "s > q > e"), B, end()], "start > p > b > end", [on("a", "complete a"), on("b", "complete b")]),
    *(Row(f"事件子流程，{name}，{'中断' if interrupting else '不中断'}", how, [start(), A, end(), beside(event, interrupting=interrupting)], LINE, [on("a ev", f"{verb} ev"), *([on("inside", "complete inside", y=1)] if interrupting else [on("a inside" if once else "a ev inside", "complete inside", y=1), on("a" if once else "a ev", "complete a")])], ended="ee" if interrupting else "end", known={"y": 1}) for name, event, verb, how, once in (("消息", message("m"), "deliver", "消息一到就开始；不中断的可以来多次", False), ("信号", signal("m"), "deliver", "信号一到就开始；不中断的可以来多次", False), ("定时", DAY, "fire", "到时开始；不中断的可以写循环", True)) for interrupting in (True, False)),
    *(Row(f"事件子流程，条件，{'中断' if interrupting else '不中断'}", "每办一步问一次，成立时开始，只来一次", [start(), step("a", "n"), B, end(), beside(condition("n > 3"), interrupting=interrupting)], WATCHED, [on("a ev", "complete a", n=5), *([on("inside", "complete inside", y=1)] if interrupting else [on("b inside", "complete inside", y=1), on("b", "complete b")])], ended="ee" if interrupting else "end", known={"y": 1}, data={"n": 0}) for interrupting in (True, False)),
    Row("事件子流程，错误", "接住里层抛出的错误，一定中断", [start(), thrown("error"), end(), beside(coded("error", "E"), interrupting=True)], "start > p > end", [on("a", "complete a"), on("inside", "complete inside", y=1)], ended="ee", known={"y": 1}),
    Row("事件子流程，升级，中断", "接住里层抛出的升级", [start(), thrown("escalation"), end(), beside(coded("escalation", "E"), interrupting=True)], "start > p > end", [on("a", "complete a"), on("inside", "complete inside", y=1)], ended="ee", known={"y": 1}),
    Row("事件子流程，升级，不中断", "接住里层抛出的升级，别的照常走", [start(), sub("p", [start("s"), A, throw("t", coded("escalation", "E")), B, end("e")], "s > a > t > b > e"), end(), beside(coded("escalation", "E"), interrupting=False)], "start > p > end", [on("a", "complete a"), on("b inside", "complete inside", y=1), on("b", "complete b")], known={"y": 1}),
]
GATEWAYS = [
    Row("排他网关 exclusiveGateway", "取第一个成立的出口，都不成立走缺省出口（必须有）；条件用 FEEL", [start(), step("a", "n"), xor("g"), B, end(), end("other")], "start > a > g; g ? n > 1 > b; g ! other; b > end", [on("a", "complete a", n=2), on("b", "complete b")]),
    Row("并行网关 parallelGateway", "同时走各路，等各路到齐，各路写的变量合在一起", [start(), fork("f"), step("a", "x"), step("b", "y"), fork("j"), LATE, end()], "start > f > a > j > late > end; f > b > j", [on("a b", "complete a", x=1), on("b", "complete b", y=2), on("late", "complete late")], known={"x": 1, "y": 2}),
    Row("包容网关 inclusiveGateway", "走每个成立的出口，汇合时只等还能到的路", [start(), inclusive("f"), A, B, LATE, inclusive("j"), end()], "start > f; f ? n > 0 > a; f ? n > 1 > b; f ! late; a > j; b > j; late > j; j > end", [on("a b", "complete b"), on("a", "complete a")], data={"n": 2}),
    Row("包容网关，在圈里", "每一圈重新汇合", [start(), xor("m"), inclusive("f"), A, B, inclusive("j"), step("again", "more"), xor("g"), end()], "start > m > f; f ? true > a; f ! b; a > j; b > j; j > again > g; g ? more > m; g ! end", [on("a", "complete a"), on("again", "complete again", more=True), on("a", "complete a"), on("again", "complete again", more=False)]),
    Row("事件网关 eventBasedGateway", "等几件事，先来的一件算数，其余作废；后面只能接等待的事件或接收任务", [start(), event_gateway("g"), catch("t", DAY), receive("r", "m"), end(), end("late")], "start > g > t > late; g > r > end", [on("r t", "deliver r", x=1)], known={"x": 1}, data={"key": "k"}),
    Row("事件网关，在圈里", "每一圈重新等", [start(), xor("m"), event_gateway("g"), catch("t", DAY), catch("n", message("m")), A, end()], "start > m > g > t > a > m; g > n > end", [on("n t", "fire t"), on("a", "complete a"), on("n t", "fire t"), on("a", "complete a"), on("n t", "deliver n")]),
]
STARTS = [
    Row("普通开始", "由人或操作开单；写了表单、角色和办件号代码的，这些角色的人在“发起”里填表开单", [start(), A, end()], LINE, [on("a", "complete a")], also="tests/workflows/test_beginnings.py"),
    *(Row(f"{name}开始", how, [start(), shape("startEvent", "begun", event, extension=outputs(got="payload.v")), A, B, end()], "start > b > end; begun > a > end", [on("a", "complete a")], known={"got": "x"}, data={"v": "x"}, start="begun", also="tests/workflows/test_between_cases.py") for name, event, how in (("消息", message("m"), "写明收件流程的消息没有人在等时，开出一件；关联键是它的业务编号，同一编号只开一件"), ("信号", signal("m"), "信号开出一件，归发出者的机构"), ("定时", timer("cycle", "R3/P1M"), "从发布起算；没有归属机构的流程给每个第三方各开一件；发布新版本后旧的不再开"))),
]
ENDS = [
    Row("普通结束", "这一路走完；各路都走完，办件就办结", [start(), A, end()], LINE, [on("a", "complete a")]),
    Row("消息结束", "发出消息后结束", [start(), A, end("end", message("m"))], LINE, [on("a", "complete a")], emitted=("m",)),
    Row("信号结束", "发出信号后结束", [start(), A, end("end", signal("m"))], LINE, [on("a", "complete a")], emitted=("m",)),
    Row("错误结束", "结束所在的子流程，由最近的边界或事件子流程接住", [start(), thrown("error"), boundary("t", "p", coded("error", "E")), LATE, end()], "start > p > end; t > late > end", [on("a", "complete a"), on("late", "complete late")]),
    Row("升级结束", "告诉外层，自己照常结束", [start(), thrown("escalation"), boundary("t", "p", coded("escalation", "E"), interrupting=False), LATE, end(), end("gone")], "start > p > end; t > late > gone", [on("a", "complete a"), on("late", "complete late")], ended="gone"),
    Row("终止结束", "结束所在一层的所有路", [start(), fork("f"), A, B, end(), end("stop", TERMINATE)], "start > f > a > stop; f > b > end", [on("a b", "complete a")], ended="stop"),
]
BETWEEN = [
    Row("中间捕获，消息", "等一条消息，关联键用 FEEL；消息早到的保留七天；几个办件等同一条是事故，不投递", [start(), catch("c", message("m"), correlation="key", extension=outputs("x")), end()], "start > c > end", [on("c", "deliver c", x=1)], known={"x": 1}, data={"key": "k"}, also="tests/workflows/test_between_cases.py"),
    Row("中间捕获，信号", "等一个信号；到达本机构此刻在等的所有办件，不保留", [start(), catch("c", signal("m")), end()], "start > c > end", [on("c", "deliver c")], also="tests/workflows/test_between_cases.py"),
    Row("中间捕获，定时", "时刻（带时区）、时长或 workdays(10)，进入时算出", [start(), catch("c", DAY), end()], "start > c > end", [on("c", "fire c")]),
    Row("中间捕获，条件", "每办一步问一次，成立就走", [start(), fork("f"), step("a", "n"), B, catch("c", condition("n > 3")), fork("j"), end()], "start > f > a > b > j > end; f > c > j", [on("a c", "complete a", n=4), on("b", "complete b")], data={"n": 0}),
    Row("中间抛出，无定义", "直接走过", [start(), A, throw("t"), B, end()], "start > a > t > b > end", [on("a", "complete a"), on("b", "complete b")]),
    Row("中间抛出，消息", "与发送任务相同", [start(), A, throw("t", message("m")), B, end()], "start > a > t > b > end", [on("a", "complete a"), on("b", "complete b")], emitted=("m",)),
    Row("中间抛出，信号", "告诉本机构此刻在等的所有办件", [start(), A, throw("t", signal("m")), B, end()], "start > a > t > b > end", [on("a", "complete a"), on("b", "complete b")], emitted=("m",), also="tests/workflows/test_between_cases.py"),
    Row("中间抛出，升级", "告诉外层，自己往下走", [start(), sub("p", [start("s"), A, throw("t", coded("escalation", "E")), B, end("e")], "s > a > t > b > e"), boundary("w", "p", coded("escalation", "E"), interrupting=False), LATE, end(), end("gone")], "start > p > end; w > late > gone", [on("a", "complete a"), on("b late", "complete late"), on("b", "complete b")]),
    Row("链接", "起点走到同一层里同名的终点；终点只有一个，起点可以有几个", [start(), step("a", "n"), xor("g"), throw("t1", link("L")), B, throw("t2", link("L")), catch("c", link("L")), LATE, end()], "start > a > g; g ? n > 1 > t1; g ! b; b > t2; c > late > end", [on("a", "complete a", n=0), on("b", "complete b"), on("late", "complete late")]),
]
EDGES = [
    *(Row(f"边界，{name}，{'中断' if interrupting else '不中断'}", how, at_the_edge(event, interrupting=interrupting), EDGE, [on("a t", f"{verb} t"), *([on("late", "complete late")] if interrupting else [on("a late" if once else "a late t", "complete late"), on("a" if once else "a t", "complete a")])], ended="gone" if interrupting else "end") for name, event, verb, how, once in (("定时", DAY, "fire", "进入这一步时起算", True), ("消息", message("m"), "deliver", "不中断的可以来多次", False), ("信号", signal("m"), "deliver", "不中断的可以来多次", False)) for interrupting in (True, False)),
    Row("边界，循环定时，不中断", "R次数/时长，次数 1 到 100，间隔不短于 60 秒", at_the_edge(timer("cycle", "R2/P1D"), interrupting=False), EDGE, [on("a t", "fire t"), on("a late t", "fire t"), on("a late late", "complete late"), on("a late", "complete late"), on("a", "complete a")]),
    *(Row(f"边界，条件，{'中断' if interrupting else '不中断'}", "每办一步问一次，看得到同时走的各路和子流程里的变量；成立时触发，只来一次", [start(), sub("p", [start("s"), step("a", "n"), B, end("e")], "s > a > b > e"), boundary("t", "p", condition("n > 3"), interrupting=interrupting), LATE, end(), end("gone")], "start > p > end; t > late > gone", [on("a t", "complete a", n=5), *([] if interrupting else [on("b late", "complete b")]), on("late", "complete late")], ended="gone", data={"n": 0}) for interrupting in (True, False)),
    Row("边界，错误", "接住子流程里抛出的错误，一定中断；只能挂在子流程上", [start(), thrown("error"), boundary("t", "p", coded("error", "E")), LATE, end(), end("gone")], "start > p > end; t > late > gone", [on("a", "complete a"), on("late", "complete late")], ended="gone"),
    Row("边界，升级，中断", "接住子流程里抛出的升级，子流程作废", [start(), sub("p", [start("s"), A, throw("w", coded("escalation", "E")), B, end("e")], "s > a > w > b > e"), boundary("t", "p", coded("escalation", "E")), LATE, end(), end("gone")], "start > p > end; t > late > gone", [on("a", "complete a"), on("late", "complete late")], ended="gone"),
    Row("边界，升级，不中断", "接住升级，子流程照常走", [start(), sub("p", [start("s"), A, throw("w", coded("escalation", "E")), B, end("e")], "s > a > w > b > e"), boundary("t", "p", coded("escalation", "E"), interrupting=False), LATE, end(), end("gone")], "start > p > end; t > late > gone", [on("a", "complete a"), on("b late", "complete b"), on("late", "complete late")], ended="gone"),
    Row("边界，挂在子流程上", "里面的待办、定时、等待一起作废", [start(), HOST, boundary("t", "p", DAY), LATE, end(), end("gone")], "start > p > end; t > late > gone", [on("a t", "fire t"), on("late", "complete late")], ended="gone"),
    Row("边界，挂在多实例上", "没办完的几次作废，办完的记在经过里", [start(), replace(step("a", "r"), inner=several("parallel", loopCardinality="3")), boundary("t", "a", DAY), LATE, end(), end("gone")], "start > a > end; t > late > gone", [on("a a a t", "complete a", r=1), on("a a t", "fire t"), on("late", "complete late")], ended="gone"),
]
LOOPS = [
    Row("多实例，同时", "次数或列表，0 到 50；可写完成条件；结果收进一个新列表", [start(), replace(step("a", "r"), inner=several("parallel", loopCardinality="3", loopDataOutputRef="all", outputDataItem="r", completionCondition="completed >= 2")), B, end()], WATCHED, [on("a a a", "complete a", r=1), on("a a", "complete a", r=2), on("b", "complete b")], known={"all": [1, 2]}),
    Row("多实例，依次", "一个办完开下一个", [start(), replace(step("a", "r"), inner=several("sequential", loopDataInputRef="units", inputDataItem="unit", loopDataOutputRef="all", outputDataItem="r")), end()], LINE, [on("a", "complete a", r=1), on("a", "complete a", r=2)], known={"all": [1, 2]}, data={"units": ["甲", "乙"]}),
    Row("多实例子流程", "每个实例走一遍子流程", [start(), replace(HOST, inner=several("parallel", loopCardinality="2")), end()], "start > p > end", [on("a a", "complete a"), on("a", "complete a")]),
    Row("多实例调用活动", "每个实例一件下级办件，各自办结", [start(), replace(call("c", "other", inputs(unit="unit") + outputs("r")), inner=several("parallel", loopDataInputRef="units", inputDataItem="unit", loopDataOutputRef="all", outputDataItem="r")), end()], "start > c > end", [on("c c", "deliver c", r=1), on("c", "deliver c", r=2)], known={"all": [1, 2]}, data={"units": ["甲", "乙"]}),
    Row("标准循环", "写明最多几次（1 到 100），条件成立就再来；可以先问条件", [start(), replace(step("a", "n"), inner=several("standard", loopMaximum="3", loopCondition="n < 5")), end()], LINE, [on("a", "complete a", n=1), on("a", "complete a", n=2), on("a", "complete a", n=3)], known={"n": 3}),
]
DRAWING = [
    Row("泳道", "泳道的名称是角色；泳道可以套泳道，最里面的算数", [start(), A, B, end()], "start > a > b > end", [on("a", "complete a"), on("b", "complete b")], lane=NESTED_LANES),
    Row("数据对象、数据存储、文字、分组", "只是说明，不影响走法", [start(), A, shape("dataObject", "d"), shape("dataObjectReference", "o", dataObjectRef="d"), shape("dataStoreReference", "ds"), Shape("textAnnotation", "t"), Shape("group", "gr"), end()], LINE, [on("a", "complete a")]),
]
# fmt: on
GROUPS = {
    "环节": TASKS,
    "子流程": SCOPES,
    "网关": GATEWAYS,
    "开始": STARTS,
    "结束": ENDS,
    "中间事件": BETWEEN,
    "边界事件": EDGES,
    "重复": LOOPS,
    "泳道和说明": DRAWING,
}
ROWS = {row.name: row for rows in GROUPS.values() for row in rows}
REFUSALS = {"元素": REFUSED, "文件最外层": REFUSED_ROOTS, "事件": REFUSED_EVENTS}


def refusals() -> list[tuple[str, str]]:
    """Return what is refused, with the way round."""
    told: dict[str, list[str]] = {}
    for words in REFUSALS.values():
        for tag, reason in words.items():
            told.setdefault(reason, []).append(tag)
    told[SEVERAL] = ["一个事件的几个定义"]
    return [("、".join(tags), reason) for reason, tags in told.items()]


def page() -> str:
    """Return docs/bpmn.md."""
    lines = ["# 流程图里能用什么", "", HOW_MADE, ""]
    lines += [_ABOUT, ""]
    for group, rows in GROUPS.items():
        lines += [f"## {group}", "", "| 元素 | 怎样支持 | 测试 |", "| --- | --- | --- |"]
        lines += [f"| {row.name} | {row.how} | {_tests(row)} |" for row in rows]
        lines.append("")
    lines += ["## 拒绝", "", "| 元素 | 拒绝：替代办法 | 测试 |", "| --- | --- | --- |"]
    lines += [f"| {tags} | {reason} | `test_elements.py` 的 refused |" for tags, reason in refusals()]
    return "\n".join(lines) + "\n"


def _tests(row: Row) -> str:
    also = f"<br>`{row.also}`" if row.also else ""
    return f"`test_elements.py` [{row.name}]{also}"


if __name__ == "__main__":
    print(page(), end="")
