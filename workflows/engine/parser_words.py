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
    "callActivity": "请改用内嵌子流程，或用操作开出独立的单",
    "subChoreography": "不支持编排图",
    "choreographyTask": "不支持编排图",
    "callChoreography": "不支持编排图",
    "callConversation": "不支持会话图",
    "conversation": "不支持会话图",
    "subConversation": "不支持会话图",
    "implicitThrowEvent": "请画出事件",
    "event": "请指明事件的种类",
}

KNOWN_ROOTS = frozenset(
    {
        "category", "collaboration", "dataStore", "error", "escalation", "extensionElements",
        "itemDefinition", "message", "process", "relationship", "signal",
    },
)  # fmt: skip
"""Children of `definitions` that may stand there; anything else is refused."""
