"""Activities that run several times: multi-instance (at once or one after the other) and the standard loop.

The owner stands for the activity and waits as STARTED; each run is an `…|item` under it. What a run gives
is kept in the owner, so finished runs may be pruned from the tree.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflows.engine.elements.base import ITEM, Element
from workflows.engine.errors import ExpressionError, LimitError
from workflows.engine.merge import merged
from workflows.engine.tree import FINISHED, READY, STARTED

if TYPE_CHECKING:
    from workflows.engine.tree import CaseTask

MAX_INSTANCES = 50


class Several(Element):
    """Base of owners."""

    is_owner = True

    def _open(self, task: CaseTask, index: int, extra: dict[str, object]) -> None:
        """Start a run."""
        child = task._add_child(task.workflow.spec.task_specs[self.name + ITEM])
        child.internal_data["index"] = index
        before, task.data = task.data, {**task.data, **extra}
        child.task_spec._update(child)
        task.data = before

    def _close(self, task: CaseTask, data: dict[str, object]) -> None:
        """End the activity with this data; runs that are still open are cancelled."""
        task.data = data
        for child in task.children:
            if not child._state & FINISHED:
                child.cancel()
        task._set_state(READY)


class MultiInstance(Several):
    """One run for each item of a list or number of a count, at most 50."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        items = self._items(my_task)
        my_task._set_state(STARTED)
        my_task.internal_data.update(items=items, results={}, held=dict(my_task.data), opened=0)
        if not items:
            self._finish(my_task)
        elif self.node["loop"]["kind"] == "sequential":
            self._next(my_task)
        else:
            for _ in items:
                self._next(my_task)
        return False

    def child_done(self, task: CaseTask, child: CaseTask) -> None:
        """Keep the result of a run; go on, open the next one, or end as the completion condition says."""
        loop, held = self.node["loop"], task.internal_data
        index = child.internal_data["index"]
        if loop["output"] is not None:
            held["results"][str(index)] = child.data.get(loop["result"])
        else:
            own = {k: v for k, v in child.data.items() if k != loop["item"]}
            held["held"] = merged(task.data, [held["held"], own])
            held["results"][str(index)] = None
        if len(held["results"]) == len(held["items"]) or self._enough(task, child):
            self._finish(task)
        elif held["opened"] < len(held["items"]) and loop["kind"] == "sequential":
            self._next(task)

    def _next(self, task: CaseTask) -> None:
        held, name = task.internal_data, self.node["loop"]["item"]
        held["opened"] += 1
        extra = {} if name is None else {name: held["items"][held["opened"] - 1]}
        self._open(task, held["opened"], extra)

    def _items(self, task: CaseTask) -> list[object]:
        loop = self.node["loop"]
        text = loop["collection"] if loop["cardinality"] is None else loop["cardinality"]
        value = task.workflow.script_engine.value(text, task.data, self.bpmn_id, "instances")
        items = (
            _count(value) if loop["cardinality"] is not None else value if isinstance(value, list) else None
        )
        if items is None:
            raise ExpressionError(
                self.bpmn_id, site="instances", text=text, value=repr(value), reason="count"
            )
        if len(items) > MAX_INSTANCES:
            raise LimitError(self.bpmn_id, what="instances", limit=MAX_INSTANCES)
        return items

    def _enough(self, task: CaseTask, child: CaseTask) -> bool:
        text = self.node["loop"]["until"]
        if text is None:
            return False
        held = task.internal_data
        scope = {
            **child.data,
            "completed": Decimal(len(held["results"])),
            "total": Decimal(len(held["items"])),
        }
        enough: bool = task.workflow.script_engine.holds(text, scope, self.bpmn_id, "until")
        return enough

    def _finish(self, task: CaseTask) -> None:
        loop, held = self.node["loop"], task.internal_data
        data = dict(held["held"])
        if loop["output"] is not None:
            results = held["results"]
            data[loop["output"]] = [results[key] for key in sorted(results, key=int)]
        for name in ("items", "results", "held", "opened"):
            del held[name]
        self._close(task, data)


class StandardLoop(Several):
    """Runs again while its condition is true, at most `loopMaximum` times."""

    def _update_hook(self, my_task: CaseTask) -> bool:
        my_task._inherit_data()
        my_task._set_state(STARTED)
        my_task.internal_data["round"] = 0
        if self.node["loop"]["before"] and not self._again(my_task):
            self._close(my_task, my_task.data)
        else:
            self._open(my_task, 1, {})
        return False

    def child_done(self, task: CaseTask, child: CaseTask) -> None:
        """Carry the data of a run over to the next, or end."""
        task.internal_data["round"] = child.internal_data["index"]
        task.data = dict(child.data)
        if task.internal_data["round"] < self.node["loop"]["maximum"] and self._again(task):
            self._open(task, child.internal_data["index"] + 1, {})
        else:
            del task.internal_data["round"]
            self._close(task, task.data)

    def _again(self, task: CaseTask) -> bool:
        text = self.node["loop"]["while"]
        if text is None:
            return True
        again: bool = task.workflow.script_engine.holds(text, task.data, self.bpmn_id, "loop")
        return again


def _count(value: object) -> list[object] | None:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value != int(value) or value < 0:
        return None
    if value > MAX_INSTANCES:
        return [None] * (MAX_INSTANCES + 1)
    return [Decimal(n) for n in range(1, int(value) + 1)]
