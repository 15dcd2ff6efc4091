"""Which elements of BPMN the engine does not run, and why, in words for people (engine.md §15)."""

from __future__ import annotations

DRAWING = frozenset(
    {
        "association", "auditing", "category", "dataObject", "dataObjectReference", "dataStoreReference",
        "documentation", "extensionElements", "group", "incoming", "ioSpecification", "laneSet",
        "monitoring", "multiInstanceLoopCharacteristics", "outgoing", "property",
        "standardLoopCharacteristics", "textAnnotation",
    },
)  # fmt: skip
"""Children of a process that are drawing, description, or read together with their owner."""

REFUSED = {
    "scriptTask": "图里不能有脚本，请改用“服务”调用操作目录里的操作",
    "complexGateway": "请改用并行或包容网关",
    "adHocSubProcess": "请改成一个环节，用表单列出清单",
    "transaction": "不支持事务与补偿，请把撤销画成普通环节",
    "subChoreography": "不支持编排图，请给每一方画一个流程，用消息相连",
    "choreographyTask": "不支持编排图，请给每一方画一个流程，用消息相连",
    "callChoreography": "不支持编排图，请给每一方画一个流程，用消息相连",
    "callConversation": "不支持会话图，请画成消息事件",
    "conversation": "不支持会话图，请画成消息事件",
    "subConversation": "不支持会话图，请画成消息事件",
    "implicitThrowEvent": "请画出事件",
    "event": "请指明事件的种类",
}
"""Elements of a process or collaboration, each with a way round."""

REFUSED_ROOTS = {
    "choreography": REFUSED["choreographyTask"],
    "globalChoreographyTask": REFUSED["choreographyTask"],
    "globalConversation": REFUSED["conversation"],
    "globalScriptTask": REFUSED["scriptTask"],
    "globalUserTask": "请把环节画进流程里",
    "globalManualTask": "请把环节画进流程里",
    "globalBusinessRuleTask": "请把决策画进流程里",
    "globalTask": "请把环节画进流程里",
    "import": "不从别的文件取内容，请把用到的画进这个文件",
}
"""Elements of a file beside its process."""

REFUSED_EVENTS = {
    "cancelEventDefinition": "取消事件属于事务；请用错误结束事件离开子流程，把撤销画成普通环节",
    "compensateEventDefinition": "不支持补偿；请把撤销画成普通环节",
    "linkEventDefinition": "链接只能是中间事件；请直接连线",
    "terminateEventDefinition": "终止只能是结束事件；请改用终止结束事件",
    "errorEventDefinition": "错误只能由结束事件抛出；请改用错误结束事件",
    "conditionalEventDefinition": "条件事件只能等；请改用网关",
    "timerEventDefinition": "定时事件只能等；请改用中间捕获事件",
}
"""Kinds of events that run nowhere, or not where they would be thrown or waited for."""

SEVERAL = "一个事件写了多个定义；请拆成几个事件，或用事件网关、几个边界事件"

KNOWN_ROOTS = frozenset(
    {
        "category", "collaboration", "dataStore", "error", "escalation", "extensionElements",
        "itemDefinition", "message", "process", "relationship", "signal",
    },
)  # fmt: skip
"""Children of `definitions` that may stand there; anything else is refused."""
