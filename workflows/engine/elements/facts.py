"""What is known of a step the moment it is opened: due date, assignee, role, title."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from workflows.engine.errors import ExpressionError

if TYPE_CHECKING:
    from workflows.engine.elements.base import Element
    from workflows.engine.tree import CaseTask

Facts = dict[str, object]


def step_facts(element: Element, task: CaseTask) -> Facts:
    """Return the facts of a step that are not empty."""
    node, data = element.node, task.data
    kind = node.get("deadline")
    facts = {
        "due": _due(element, task, kind),
        "provisional": bool(kind and data.get(f"{kind}_provisional") is True) or None,
        "assignee": _text(element, task, "assignee"),
        "role": _text(element, task, "role"),
        "title": _text(element, task, "title"),
        "signers": _signers(element, task),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _due(element: Element, task: CaseTask, kind: object) -> date | None:
    text: str | None = element.node.get("due")
    value: object
    if text is not None:
        value = task.workflow.script_engine.value(text, task.data, element.bpmn_id, "due")
    else:
        value = task.data.get(f"{kind}_due") if kind else None
    if isinstance(value, datetime):
        raise ExpressionError(
            element.bpmn_id, site="due", text=text or f"{kind}_due", value=repr(value), reason="date"
        )
    if value is None or isinstance(value, date):
        return value
    return _as_date(element, value, text or f"{kind}_due")


def _as_date(element: Element, value: object, text: str) -> date:
    """Return the date that a text stands for: variables may come from a form as text."""
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type] # TypeError is caught below
    except (TypeError, ValueError) as error:
        raise ExpressionError(
            element.bpmn_id, site="due", text=text, value=repr(value), reason="date"
        ) from error


def _text(element: Element, task: CaseTask, name: str) -> str | None:
    text = element.node.get(name)
    if text is None:
        return None
    value: object = task.workflow.script_engine.value(text, task.data, element.bpmn_id, name)
    if value is not None and not isinstance(value, str):
        raise ExpressionError(element.bpmn_id, site=name, text=text, value=repr(value), reason="text")
    return value


def _signers(element: Element, task: CaseTask) -> list[str] | None:
    """Return who countersigns a step: roles and people, each once; None for a step of one person.

    Null stands for nobody, so that a person who is not there may be left out by an expression.
    """
    signing = element.node.get("signing")
    if signing is None:
        return None
    text = signing["signers"]
    value: object = task.workflow.script_engine.value(text, task.data, element.bpmn_id, "signers")
    named: list[object] = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
    texts = [one for one in named if isinstance(one, str)]
    if not texts or len(texts) < len(named):
        raise ExpressionError(element.bpmn_id, site="signers", text=text, value=repr(value), reason="signers")
    return list(dict.fromkeys(texts))
