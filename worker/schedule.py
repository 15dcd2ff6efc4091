"""`run.py schedule --from DAY --to DAY`: what the calendar of duties begins when, for whom."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date

from rules.articles import chinese_name
from store.scope import Scope
from workflows.duties import Planned, moment_of, planned
from workflows.runtime import Runtime

_SCOPE = Scope.everything("the calendar of duties is listed")


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """List the starts of these days; 1 if one of them is past and has not begun, 2 if the days are wrong."""
    parser = argparse.ArgumentParser(prog="run.py schedule")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if options.last < options.first:
        print(f"✗ --to {options.last} 早于 --from {options.first}", file=sys.stderr)
        return 2
    with runtime.database.read(_SCOPE) as session:
        found = list(planned(session, options.first, options.last, runtime.now()))
    if options.json:
        print(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(_line, found)) or f"{options.first} 至 {options.last} 没有要开的办件")
    return int(any(each.is_missed for each in found))


def _plain(each: Planned) -> dict[str, object]:
    start = each.start
    return {
        "process": start.duty.process,
        "title": each.title,
        "article": start.duty.article,
        "source": start.duty.source,
        "starts_at": moment_of(start).isoformat(),
        "period": start.period_key,
        "organization": each.organization,
        "organization_id": str(each.organization_id),
        "case": each.case,
        "missed": each.is_missed,
    }


def _line(each: Planned) -> str:
    start = each.start
    state = each.case or ("✗ 到时没有开出" if each.is_missed else "到时开出")
    told = (f"{moment_of(start):%Y-%m-%d %H:%M}", start.period_name, each.title, each.organization)
    return "  ".join((*told, chinese_name(start.duty.article), state))
