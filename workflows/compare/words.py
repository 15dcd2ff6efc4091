"""The words for what a diagram says: kinds of elements, their properties, and those inside a property."""

from collections.abc import Iterator, Mapping

from workflows.compare.model import Area, Change, Kind, Place, differences
from workflows.engine import Spec

NOUNS: Mapping[str, str] = {
    "userTask": "环节",
    "manualTask": "环节",
    "task": "环节",
    "serviceTask": "服务任务",
    "businessRuleTask": "决策任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "subProcess": "子流程",
    "eventSubProcess": "事件子流程",
    "callActivity": "调用活动",
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateThrowEvent": "抛出事件",
    "intermediateCatchEvent": "等待事件",
    "boundaryEvent": "边界事件",
    "linkEvent": "链接事件",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关",
}
PROPERTIES: Mapping[str, str] = {
    "lane": "角色",
    "role": "角色表达式",
    "roles": "可以办的角色",
    "assignee": "办理人",
    "form": "表单",
    "deadline": "期限",
    "due": "到期日",
    "timeout": "超时以后",
    "article": "条款",
    "operation": "操作",
    "inputs": "输入",
    "outputs": "输出",
    "decision": "决策",
    "process": "调用的流程",
    "event": "事件",
    "attached": "附着的环节",
    "interrupting": "是否打断",
    "loop": "重复方式",
    "signing": "会签",
    "vote": "表决",
    "wall": "不可退回",
    "title": "标题",
    "about": "关于",
    "number": "编号代码",
    "doc": "说明",
}
CODED: Mapping[str, Mapping[str, str]] = {
    "operation": {"name": "操作", "inputs": "输入"},
    "event": {
        "kind": "种类",
        "form": "写法",
        "text": "时间或条件",
        "name": "消息",
        "target": "发给流程",
        "correlation": "关联键",
        "inputs": "内容",
        "code": "代码",
        "throws": "抛出",
    },
    "loop": {
        "kind": "种类",
        "cardinality": "次数",
        "collection": "列表",
        "item": "一项",
        "output": "收集到",
        "result": "收集什么",
        "until": "到何时止",
        "maximum": "最多次数",
        "while": "继续的条件",
        "before": "先判断",
    },
    "signing": {"mode": "方式", "signers": "会签人", "share": "比例", "veto": "一票否决"},
    "vote": {"field": "表决的字段", "approve": "同意的值"},
}
"""What stands inside the properties that are no plain text."""


def of_process(file: str, before: Spec, after: Spec) -> Iterator[Change]:
    """Yield what became different in what the process says of itself."""
    place = Place(Area.FLOW, file, "流程", after.key, after.name)
    if before.name != after.name:
        yield Change(Kind.RENAMED, place, "名称", before.name, after.name)
    words = {"key": "编号", "subject": "办理对象", "title": "办件标题", "doc": "说明"}
    old, new = ({name: spec.compiled.get(name) for name in words} for spec in (before, after))
    yield from differences(place, old, new, words)
