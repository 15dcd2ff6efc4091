"""`run.py verify`: every event chain, file, sealed volume and filed report; the first bad one is named."""

import argparse
import json
from collections.abc import Sequence
from time import perf_counter

from msgspec import Struct, to_builtins
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.vocabulary import label
from store.events import verify
from store.files import FileStore
from store.scope import Scope
from store.tables import CaseEvent, CaseFile, Document, EvidenceFile, RecordEvent
from workflows.filing import first_bad
from workflows.runtime import Runtime

_SCOPE = Scope.everything("everything is verified")
PROBLEMS = {
    "does not follow the event before it": "没有接在前一条后面",
    "its content is not what was hashed": "内容与摘要不符",
    "a column differs from the hashed content": "列里的值与写入时不同",
    "a number is missing": "缺了一条",
    "the chain does not end where its case says": "链尾与办件记录的不符",
}


class Bad(Struct, frozen=True):
    """The first thing that is not as it was written."""

    what: str
    problem: str


class Verified(Struct, frozen=True):
    """What was looked through, how fast, and the first bad thing if there is one."""

    events: int
    files: int
    archives: int
    seconds: float
    first_bad: Bad | None


def verify_all(runtime: Runtime) -> Verified:
    """Look through chains, files, sealed volumes and filed reports; stop at the first bad one."""
    with runtime.database.read(_SCOPE) as session:
        events = sum(
            session.scalar(select(func.count()).select_from(t)) or 0 for t in (CaseEvent, RecordEvent)
        )
        began = perf_counter()
        broken = verify(session)
        seconds = perf_counter() - began
        files = archives = 0
        bad = None
        if broken is not None:
            chain = broken.chain.replace("case ", "办件 ")
            bad = Bad(f"{chain} 第 {broken.number} 条", PROBLEMS.get(broken.problem, broken.problem))
        else:
            files, bad = _files(session, runtime.files)
        if bad is None:
            archives, bad = _archives(session, runtime.files)
        bad = bad or _reports(session)
    return Verified(events, files, archives, seconds, bad)


def _files(session: Session, files: FileStore) -> tuple[int, Bad | None]:
    count = 0
    for model, column in ((EvidenceFile, EvidenceFile.sha256), (Document, Document.pdf_sha256)):
        kept = (column.is_not(None), model.disposed_at.is_(None))
        named = select(column).where(*kept).distinct().order_by(column)
        for sha256 in session.scalars(named):
            count += 1
            if sha256 and not files.is_intact(sha256):
                return count, Bad(f"文件 {sha256}", "不在了，或者内容变了")
    return count, None


def _archives(session: Session, files: FileStore) -> tuple[int, Bad | None]:
    """Compare each sealed volume with its package, and its head with the chain that it was sealed at.

    One that was disposed of has no package any more; its head still stands in the chain of its case.
    """
    sealed = select(
        CaseFile.number,
        CaseFile.case_id,
        CaseFile.chain_head,
        CaseFile.package_sha256,
        CaseFile.disposed_at,
    )
    count = 0
    for number, case_id, head, package, disposed_at in session.execute(
        sealed.where(CaseFile.state == "sealed").order_by(CaseFile.number)
    ):
        count += 1
        if package and disposed_at is None and not files.is_intact(package):
            return count, Bad(f"档案 {number}", "档案包不在了，或者内容变了")
        told = select(CaseEvent.n).where(CaseEvent.case_id == case_id, CaseEvent.hash == head).limit(1)
        if head and case_id and session.scalar(told) is None:
            return count, Bad(f"档案 {number}", "记下的链头不在办件的事件链里")
    return count, None


def _reports(session: Session) -> Bad | None:
    report = first_bad(session)
    if report is None:
        return None
    name = f"{report.period_name}{label('report_kind', report.kind)}第 {report.version} 版"
    return Bad(name, "数字或背后的记录与摘要不符")


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Verify everything; 1 if something is not as it was written."""
    parser = argparse.ArgumentParser(prog="run.py verify")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    options = parser.parse_args(argv)
    found = verify_all(runtime)
    if options.json:
        print(json.dumps(to_builtins(found), ensure_ascii=False))
    elif found.first_bad is not None:
        print(f"✗ {found.first_bad.what}：{found.first_bad.problem}")
    else:
        pace = found.events / found.seconds if found.seconds else 0
        print(f"✓ {found.events} 条事件、{found.files} 个文件、{found.archives} 卷档案都和写入时一样")
        print(
            f"  事件每秒核对 {pace:,.0f} 条；档案包请再用另行保存的链头核验：python3 verify.py 包 --head 链头"
        )
    return 0 if found.first_bad is None else 1
