"""`run.py release …`: compare two releases, write one as a file, read one from a file."""

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import groupby

from store.scope import Scope
from workflows.compare import Area, Change, compare
from workflows.engine import DiagramError, sentence
from workflows.errors import NotFoundError
from workflows.release_files.reading import PackageError
from workflows.release_files.sources import bundle_named
from workflows.runtime import Runtime

GOOD, FOUND, WRONG_USE = 0, 1, 2
_REASON = "releases on the command line"
AREAS = {
    Area.FLOW: "流程",
    Area.FORM: "表单",
    Area.DECISION: "决策表",
    Area.BESIDE: "附带的文件",
    Area.LAYOUT: "排版",
}
NAMED = "PROCESS@N、PROCESS（最新一版）、PROCESS@shipped、版本文件或文件夹"


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Carry out one `release` command; 1 if it found something, 2 for wrong use."""
    options = _options(argv)
    try:
        done: int = options.carry_out(runtime, options)
    except PackageError as error:
        print(f"✗ {error}", file=sys.stderr)
        return FOUND
    except DiagramError as error:
        print(f"✗ {sentence(error)}", file=sys.stderr)
        return FOUND
    except NotFoundError as error:
        print(f"✗ 没有找到“{error.id}”。可以写：{NAMED}。", file=sys.stderr)
        return WRONG_USE
    return done


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py release", description="流程的版本")
    words = parser.add_subparsers(required=True, metavar="diff")
    diff = words.add_parser("diff", help="两版有哪些不同")
    diff.add_argument("before", metavar="A", help=NAMED)
    diff.add_argument("after", metavar="B", help="同上")
    diff.add_argument("--json", action="store_true", help="结果写成 JSON")
    diff.set_defaults(carry_out=_diff)
    return parser.parse_args(argv)


def _diff(runtime: Runtime, options: argparse.Namespace) -> int:
    with runtime.database.read(Scope.everything(_REASON)) as session:
        before, after = bundle_named(session, options.before), bundle_named(session, options.after)
    found = compare(before, after)
    if options.json:
        print(json.dumps([change.as_data() for change in found], ensure_ascii=False))
    else:
        print(_words(found))
    return FOUND if found else GOOD


def _words(found: Sequence[Change]) -> str:
    lines = []
    for area, of_area in groupby(found, key=lambda change: change.place.area):
        listed = list(of_area)
        lines.append(f"{AREAS[area]}（{len(listed)}）")
        lines += [f"  {change.text}" for change in listed]
    return "\n".join(lines) or "没有不同。"
