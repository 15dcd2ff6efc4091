"""The fault build: the product with its fault points watched, its clock movable and, if asked, one protection gone.

`python faults/build.py serve …` is `run.py serve …`, for the run of faults alone; so is the worker beside it.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESTART_SECONDS = 0.2


def main(arguments: Sequence[str]) -> int:
    """Arm what the environment says, then carry out the command line."""
    arm(os.environ, arguments[:1] == ["worker"])
    import run  # noqa: PLC0415  # see __main__

    return run.main(list(arguments))


def arm(environment: Mapping[str, str], is_worker: bool) -> None:  # noqa: FBT001  # asked once
    """Watch the points; take orders; remove a protection."""
    from faults import orders, points, sabotage  # noqa: PLC0415  # see __main__
    from launch import beside, runtime  # noqa: PLC0415  # see __main__
    from workflows.runtime import Runtime  # noqa: PLC0415  # see __main__

    points.watch()
    if order := environment.get("FAULT"):
        points.WATCH.passed = orders.Countdown(order)
    if folder := environment.get("FAULT_ORDERS"):
        taken = orders.Orders(Path(folder), orders.WORKER if is_worker else orders.WEB)
        points.WATCH.passed = taken
        vars(runtime)["Runtime"] = partial(Runtime, clock=taken.now)
    if protection := environment.get("SABOTAGE"):
        sabotage.without(protection)
    beside.RUN, beside.RESTART_SECONDS = Path(__file__).resolve(), RESTART_SECONDS  # type: ignore[assignment]  # the build alone


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    sys.exit(main(sys.argv[1:]))
