"""Cases of viewflow: each line of JSON in takes so many through their steps, the line out tells the milliseconds.

A case is a process of viewflow, a step a task that a person is given, starts and finishes. Each completion is one
transaction that locks the process, as viewflow's own view does; what is measured begins where the task is known.
"""

import json
import sys
from time import perf_counter
from types import SimpleNamespace
from typing import Any  # Any: Django and viewflow have no types here

from django.contrib.auth.models import User
from django.core.management import call_command
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow.views import UpdateProcessView
from viewflow.workflow.models import Process


def serve(steps: int) -> None:
    """Serve lines until there are no more."""
    call_command("migrate", verbosity=0)
    visit, user = _flow(steps), User.objects.create(username="somebody")
    for line in sys.stdin:
        cases = [visit.start.run() for _ in range(json.loads(line)["cases"])]
        seconds = sum(
            _complete(visit, case, f"step_{number + 1}", user) for case in cases for number in range(steps)
        )
        finished = all(Process.objects.get(pk=case.pk).status == "DONE" for case in cases)
        print(json.dumps({"milliseconds": seconds * 1000, "finished": finished}), flush=True)


def _complete(visit: Any, case: Any, step: str, user: Any) -> float:  # noqa: ANN401  # no types, see above
    """Complete the open task of a step; return the seconds."""
    task = visit.task_class.objects.get(process=case, flow_task=getattr(visit, step), status="NEW")
    began = perf_counter()
    with task.activation() as activation:
        activation.assign(user)
        activation.start(SimpleNamespace(user=user))
        activation.execute()
    return perf_counter() - began


def _flow(steps: int) -> Any:  # noqa: ANN401  # no types, see above
    """Return a flow of so many steps, one after the other; viewflow finds it by its name in this module."""
    names = [f"step_{number + 1}" for number in range(steps)]
    nodes: dict[str, object] = {"__module__": __name__, "process_class": Process}
    nodes["start"] = flow.StartHandle().Next(getattr(this, names[0]))
    for name, after in zip(names, [*names[1:], "end"], strict=True):
        nodes[name] = flow.View(UpdateProcessView.as_view(fields=[])).Next(getattr(this, after))
    nodes["end"] = flow.End()
    made = type(flow.Flow)("Visit", (flow.Flow,), nodes)
    globals()["Visit"] = made
    return made
