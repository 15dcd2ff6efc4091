"""The state of every duty of the standard on a day, for people and programs: `run.py compliance`."""

import argparse
import json
from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.parameters import standard_begins
from store.calendar import load_calendar
from store.compliance.catalogue import Asked, Duty, Finding, Standing, Traces, duties
from store.scope import Scope
from workflows.runtime import Runtime, legal_day

GOOD, FOUND_SOMETHING = 0, 1
FIRST_DAY, LAST_DAY = standard_begins(), date(2199, 12, 31)
"""The days on which one may ask: before the first there was no duty."""
WORDS = {
    Standing.BROKEN: "不符合",
    Standing.AT_RISK: "有风险",
    Standing.TO_JUDGE: "待人工判断",
    Standing.MET: "符合",
}


class Judged(Struct, frozen=True):
    """A duty, what was counted, and how it stands."""

    duty: Duty
    found: Finding
    standing: Standing


def judge_all(session: Session, asked: Asked) -> list[Judged]:
    """Return how every duty stands, article by article, within what the session sees."""
    return [judge(session, duty, asked) for duty in duties()]


def judge(session: Session, duty: Duty, asked: Asked) -> Judged:
    """Return how one duty stands."""
    if asked.policyholder_id is not None and not duty.of_units:
        found = Finding(0, 0, "这一条说的是机构，不分单位")
    else:
        found = duty.judge(session, asked)
    return Judged(duty, found, duty.standing(found))


def as_of(session: Session, day: date) -> Asked:
    """Return the question about a day, by the calendar of this installation."""
    return Asked(day, load_calendar(session))


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Print article by article how the duties stand; 1 if one is broken."""
    parser = argparse.ArgumentParser(
        prog="run.py compliance", description="逐条合规：截至某天，每条职责的情况"
    )
    parser.add_argument("--on", type=_day, metavar="DAY", help="截至哪天，缺省今天")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON，带每一行的编号")
    options = parser.parse_args(argv)
    day = options.on or legal_day(runtime.now())
    with runtime.database.read(Scope.everything("the command line asks about everybody")) as session:
        asked = replace(as_of(session, day), most=None)
        judged = judge_all(session, asked)
    if options.json:
        print(
            json.dumps({"on": day.isoformat(), "duties": [_plain(one) for one in judged]}, ensure_ascii=False)
        )
    else:
        print("\n".join(_in_words(one) for one in judged))
    return FOUND_SOMETHING if any(one.standing is Standing.BROKEN for one in judged) else GOOD


def _day(text: str) -> date:
    """Read a day of the standard. Raises: ArgumentTypeError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"写成 2026-11-28 这样，在 {FIRST_DAY} 和 {LAST_DAY} 之间")
    return day


def _in_words(one: Judged) -> str:
    head = f"第{one.duty.article}条 {one.duty.title}：{WORDS[one.standing]}"
    return f"{head}（{one.found.met}/{one.found.total} {one.duty.unit}）\n    {one.found.told}"


def _plain(one: Judged) -> dict[str, object]:
    return {
        "key": one.duty.key,
        "article": one.duty.article,
        "title": one.duty.title,
        "force": one.duty.force.value,
        "standing": one.standing.value,
        "total": one.found.total,
        "met": one.found.met,
        "told": one.found.told,
        "broken": _rows(one.found.broken),
        "at_risk": _rows(one.found.at_risk),
    }


def _rows(traces: Traces) -> list[dict[str, object]]:
    return [
        {
            "kind": trace.kind,
            "id": str(trace.id),
            "title": trace.title,
            "detail": trace.detail,
            "day": trace.day.isoformat() if trace.day else None,
        }
        for trace in traces.rows
    ]
