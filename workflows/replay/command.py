"""`run.py replay …`: every case of a process through a draft, a release file or a release, writing nothing."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Draft
from workflows.bundles import Bundle
from workflows.drafting import drafted_bundle
from workflows.engine import DiagramError, sentence
from workflows.errors import NotFoundError
from workflows.release_files.reading import PackageError
from workflows.release_files.sources import bundle_named
from workflows.replay.model import WORDS, Report, Verdict
from workflows.replay.running import replay
from workflows.runtime import Runtime

GOOD, FOUND, WRONG_USE = 0, 1, 2
_SCOPE = Scope.everything("all cases of a process are replayed, and only counted")


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Carry out `replay`; 1 if a case does not go the same way, 2 for wrong use."""
    parser = argparse.ArgumentParser(
        prog="run.py replay", description="把办过的和在办的都回放一遍，什么都不写"
    )
    parser.add_argument(
        "tried", metavar="DRAFT|FILE|FOLDER|PROCESS[@N]", help="草稿编号、版本文件、文件夹或一版"
    )
    parser.add_argument("--process", metavar="KEY", help="核对：要是这个流程才回放")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    options = parser.parse_args(argv)
    try:
        with runtime.database.read(_SCOPE) as session:
            bundle = _bundle(session, options.tried)
            if options.process and bundle.key != options.process:
                print(f"✗ 这是“{bundle.key}”，不是“{options.process}”。", file=sys.stderr)
                return WRONG_USE
            report = replay(session, bundle, runtime.still_at_work)
    except NotFoundError as error:
        print(f"✗ 没有找到“{error.id}”。", file=sys.stderr)
        return WRONG_USE
    except (PackageError, DiagramError) as error:
        print(f"✗ {sentence(error) if isinstance(error, DiagramError) else error}", file=sys.stderr)
        return FOUND
    print(json.dumps(report.as_data(), ensure_ascii=False) if options.json else "\n".join(_words(report)))
    return GOOD if report.counts.get(Verdict.SAME, 0) == report.total else FOUND


def _bundle(session: Session, tried: str) -> Bundle:
    try:
        draft = session.get(Draft, UUID(tried))
    except ValueError:
        return bundle_named(session, tried)
    if draft is None:
        raise NotFoundError(kind="draft", id=tried)
    return drafted_bundle(session, draft)


def _words(report: Report) -> Iterator[str]:
    yield f"{report.process}：回放 {report.total} 件"
    yield from (f"  {WORDS[one]} {report.counts.get(one, 0)}" for one in Verdict)
    for group in report.groups:
        numbers = "、".join(one.number for one in group.examples)
        yield f"{WORDS[group.verdict]} {group.count} 件 · {group.text}（{group.element}），例如 {numbers}"
