"""`run.py calendar YEAR`: the published working days of a year, and the deadlines that waited for them."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from rules import working_days
from store.calendar import load_calendar
from store.published_days import UnpublishedYearError, year_file
from store.queue import enqueue_all
from store.scope import Scope
from store.tables import Case, Deadline, Timer
from workflows.runtime import Runtime, end_of_day

_SCOPE = Scope.everything("a calendar was published")


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Write the file of a year and queue the recomputation; 1 if the year is not published."""
    parser = argparse.ArgumentParser(prog="run.py calendar")
    parser.add_argument("year", type=int, metavar="YEAR")
    options = parser.parse_args(argv)
    try:
        text = year_file(options.year)
    except UnpublishedYearError as error:
        print(
            f"✗ {error.year} 年的放假安排还没有公布，或者本机的 chinesecalendar 还不知道（现有到 {error.newest} 年）。"
            "公布后更新这个软件包再运行；在此之前的期限标为暂定。",
            file=sys.stderr,
        )
        return 1
    changed = write_year(working_days.CALENDARS, options.year, text)
    print(f"✓ rules/calendars/{options.year}.toml " + ("已写好" if changed else "已是这个内容"))
    print(f"  {queue_recomputation(runtime, options.year)} 个办件的暂定期限由后台任务重算")
    return 0


def write_year(folder: Path, year: int, text: str) -> bool:
    """Write the file of a year whole; tell whether it is new or changed."""
    file = folder / f"{year}.toml"
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return False
    partial = file.with_suffix(".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)
    working_days.published_calendar.cache_clear()
    return True


def queue_recomputation(runtime: Runtime, year: int | None = None) -> int:
    """Queue one job per open case with a provisional day that the calendar knows now; return how many cases that are.

    `year` is the one that was published, the newest if none is named. For one calendar a case is queued once.
    """
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now) as session:
        calendar = load_calendar(session)
        known = calendar.published_through
        owing = select(Deadline.case_id).where(
            Deadline.provisional, Deadline.met_on.is_(None), Deadline.due <= known
        )
        timed = select(Timer.case_id).where(
            Timer.provisional, Timer.expression != "", Timer.due_at <= end_of_day(known)
        )
        waiting = session.scalars(
            select(Case.id).where(
                Case.id.in_(owing) | Case.id.in_(timed), Case.status.in_(("open", "suspended"))
            )
        ).all()
        told = {"year": year or known.year}
        jobs = {f"calendar:{calendar.version}:{one}": {"case_id": str(one), **told} for one in waiting}
        enqueue_all(session, "recompute_deadlines", jobs, run_at=now)
    return len(waiting)
