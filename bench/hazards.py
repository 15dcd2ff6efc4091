"""Whether a case stays as fast as it began when it has hundreds of hazards.

A visit is recorded with 500 hazards, told to the unit, and each gets a case of its own. The people of the last ones
take turns with those of visits with a single hazard: what is measured is the whole way of one hazard, as the real
handler goes it, with form, facts and records: planned, submitted, rechecked. What recording them takes is told beside.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from bench.measure import Seconds, interleaved, ratio, spread
from bench.visits import SCOPE, Visits, found
from store.database import Database
from store.tables import Case, Hazard
from workflows.handlers.work_items import complete_work_item

MOST = 500
STEPS = 3
TARGET = 1.1
HAZARD: Mapping[str, object] = {
    "place": "配电间",
    "level": "general",
    "description": "配电箱前堆放杂物",
    "hazard_class": "electricity",
    "cause": "object",
    "suggestion": "立即清理",
    "fixed_on_spot": False,
    "deadline": "+10工作日",
}


class Result(Struct, frozen=True):
    """Seconds of the way of one hazard among few and among many; seconds per hazard of recording half and all."""

    database: str
    seconds: Mapping[str, Seconds]
    grown: float
    recorded: Mapping[int, float]


class Inspections:
    """Visits with as many hazards as are asked for, up to their served notice."""

    def __init__(self, visits: Visits) -> None:
        """Inspect where these visits go."""
        self._visits = visits
        self.recorded: dict[int, float] = {}

    def inspect(self, hazards: int) -> list[UUID]:
        """Walk a visit until its hazards have their cases; return those, the last found first."""
        case_id = self._visits.open()
        while not (found := self._cases(case_id)):
            step, seconds = self._complete(case_id, hazards)
            if step == "record_visit":
                self.recorded[hazards] = seconds / hazards
        return found

    def way(self, case_id: UUID) -> float:
        """Take the case of a hazard to its end; return the seconds of its steps."""
        return sum(self._complete(case_id, 0)[1] for _ in range(STEPS))

    def _complete(self, case_id: UUID, hazards: int) -> tuple[str, float]:
        item, command, actor = self._visits.next_command(case_id, hazards=[HAZARD] * hazards)
        began = perf_counter()
        complete_work_item(self._visits.runtime, command, actor)
        return item.step, perf_counter() - began

    def _cases(self, visit_case: UUID) -> list[UUID]:
        of_hazards = select(Case.id).join(Hazard, Hazard.id == Case.hazard_id)
        with self._visits.runtime.database.read(SCOPE) as session:
            children = of_hazards.where(Case.parent_case_id == visit_case)
            return list(session.scalars(children.order_by(Hazard.position.desc())))


def measure(name: str, database: Database, rounds: int, most: int = MOST) -> Result:
    """Let the last hazards of a visit with so many take turns with those of visits with one."""
    with tempfile.TemporaryDirectory(prefix="weiran-bench-") as folder:
        inspections = Inspections(found(database, Path(folder)))
        many = iter(inspections.inspect(most))
        inspections.inspect(most // 2)
        modes = {
            "first": lambda: inspections.way(inspections.inspect(1)[0]),
            "last": lambda: inspections.way(next(many)),
        }
        seconds = interleaved(modes, rounds)
    recorded = {count: inspections.recorded[count] for count in (most // 2, most)}
    return Result(name, seconds, ratio(seconds["last"], seconds["first"]), recorded)


def in_words(result: Result) -> str:
    """Return what was measured on one database."""
    (half, most), each = result.recorded, [seconds * 1000 for seconds in result.recorded.values()]
    met = "达到" if result.grown <= TARGET else "没有达到"
    lines = (
        f"\n{result.database}：一项隐患从计划到复查共 {STEPS} 步，最小 / 中位 / 最大",
        f"  只有 1 项隐患的服务单  {spread(result.seconds['first'], 1)}",
        f"  有 {most} 项，从最后一项起  {spread(result.seconds['last'], 1)}",
        f"  后者是前者的 {result.grown:.3f} 倍（各轮之比的中位；目标不超过 {TARGET}，{met}）",
        f"  记录 {half} 项，平均每项 {each[0]:.2f} 毫秒；记录 {most} 项，{each[1]:.2f} 毫秒（各一次）",
    )
    return "\n".join(lines)
