"""Sentences for people about the engine's errors: what happened, and what to do."""

from __future__ import annotations

from workflows.engine.errors import DiagramError, EngineError

_SITES = {
    "condition": "条件",
    "input": "输入",
    "output": "输出",
    "timer": "定时",
    "due": "期限",
    "assignee": "办理人",
    "role": "角色",
    "signers": "会签人",
    "title": "标题",
    "correlation": "关联键",
    "event": "条件事件",
    "instances": "多实例次数",
    "until": "完成条件",
    "loop": "循环条件",
}
REASONS = {
    "boolean": "结果不是“是”或“否”",
    "zone": "时刻没有时区，请写明时区，或用 end of day(日期)",
    "horizon": "没有得出时刻，或时刻在十年以外",
    "cycle": "循环要写成 R次数/时长，次数 1 到 100",
    "period": "循环的间隔不到 60 秒",
    "timer": "得出的不是时刻也不是时长",
    "date": "得出的不是日期",
    "text": "得出的不是文本",
    "signers": "得出的不是角色或人的列表，或者一个人也没有",
    "count": "得出的不是 0 到 50 之间的整数或列表",
    "script": "图里不能运行脚本",
}
_LIMITS = {
    "steps": "自动执行超过 {limit} 步，很可能在转圈",
    "state": "此单要记住的内容超过 {limit} 字节，请把明细放进记录，不要放进变量",
    "instances": "多实例超过 {limit} 个，请改为逐条开单",
    "feel": "表达式计算量太大：{limit}",
}
_MOVES = {
    "return point": "不能退回到那一步：那一步之后有不可撤销的环节，或它在另一路上",
    "empty": "这样移动以后，此单就没有任何待办了",
    "open": "它已经开着，再开一次就有人重复办",
    "surplus": "它还开着，移过去的一路经过分支时又会开出一个，请把它一并收回",
    "join": "这样移动以后，并行网关会永远等下去",
    "start": "不能从这个元素开始，或者它所在的子流程现在不在办",
    "instance": "多实例里的一次不能单独收回",
    "straight": "两步之间有分支或汇合，不能直送",
}
_KINDS = {
    "no-path": "网关“{element}”的条件都不成立，又没有缺省出口。{reason}请补填变量后重试，或修改流程图。",
    "standstill": "办完这一步，此单就停在网关“{element}”：它等的一路不会再来。请修改流程图。",
    "service": "环节“{element}”调用操作“{operation}”失败：{reason}。请排除原因后重试。",
    "decision": "决策“{decision}”得不出结果：{reason}。请修改决策表或补填输入。",
    "data": "“{path}”的值不能使用（{reason}）。",
    "state": "此单的内容读不出来（{reason}），请联系系统管理员。",
}


def sentence(error: EngineError) -> str:
    """Return what to tell people about an error of the engine."""
    if isinstance(error, DiagramError):
        return "；".join(finding.message_zh for finding in error.findings)
    facts = {
        "element": error.element or "–",
        "reason": "",
        "operation": "",
        "path": "",
        "decision": "",
        **error.facts,
    }
    if error.kind == "expression":
        return _expression(facts)
    if error.kind == "limit":
        return _LIMITS[str(facts["what"])].format(**facts) + "。"
    if error.kind in _KINDS:
        return _KINDS[error.kind].format(**facts)
    move = _MOVES.get(str(facts["reason"]))
    return f"{move}。" if move else "这一步已经不在待办里了：可能别人已办理，或流程已经往前走。请刷新页面。"


def _expression(facts: dict[str, object]) -> str:
    place, _, which = str(facts["site"]).partition(":")
    told = _SITES.get(place, "表达式") + (f"“{which}”" if which else "")
    reason = REASONS.get(str(facts["reason"]), str(facts["reason"]))
    value = f"（得到 {facts['value']}）" if "value" in facts else ""
    return f"环节“{facts['element']}”的{told}“{facts['text']}”不能用：{reason}{value}。"
