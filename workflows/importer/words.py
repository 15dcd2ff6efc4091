"""The kinds of elements that the rules speak of."""

from __future__ import annotations

from workflows.engine.xml import BPMN, WEIRAN, XSI

B = f"{{{BPMN}}}"
W = f"{{{WEIRAN}}}"
XSI_TYPE = f"{{{XSI}}}type"
FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"

STEPS = frozenset({"userTask", "manualTask", "task"})
SUBPROCESSES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
AUTOMATIC = frozenset({"serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"})
ACTIVITIES = STEPS | AUTOMATIC | SUBPROCESSES | {"callActivity"}
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
GATEWAYS = CHOOSING | {"parallelGateway", "eventBasedGateway", "complexGateway"}
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
EVENTS = CATCHING | THROWING
NODES = ACTIVITIES | GATEWAYS | EVENTS
ARTEFACTS = frozenset({"association", "group", "textAnnotation"})
DATA = frozenset({"dataObject", "dataObjectReference", "dataStoreReference"})
DEFINED = ("message", "signal", "error", "escalation")
EXPRESSIONS = frozenset(
    {
        "conditionExpression", "condition", "timeDate", "timeDuration", "timeCycle", "loopCardinality",
        "loopCondition", "completionCondition",
    }
)  # fmt: skip
KINDS_ZH = {
    "serviceTask": "服务任务",
    "scriptTask": "脚本任务",
    "businessRuleTask": "决策任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "callActivity": "调用活动",
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "boundaryEvent": "边界事件",
    "intermediateCatchEvent": "中间事件",
    "intermediateThrowEvent": "中间事件",
    "subProcess": "子流程",
    "adHocSubProcess": "即席子流程",
    "transaction": "事务",
    "exclusiveGateway": "排他网关",
    "inclusiveGateway": "包容网关",
    "parallelGateway": "并行网关",
    "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关",
}
