"""`run.py import-bpmn [--check] [--json] FILE…`: what becomes of the diagrams of other tools, in words or as data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from workflows.bundles import DECISIONS, DIAGRAMS, SCHEMAS
from workflows.engine.xml import MAX_BYTES
from workflows.importer import Imported, Known, import_diagram

_TOLD = {"ok": "不用改", "rewritten": "已改写", "refused": "不能导入"}


class Verdict(Struct, frozen=True):
    """What is said of one file."""

    file: str
    status: str
    imported: Imported
    message: str = ""


def main(argv: Sequence[str]) -> int:
    """Carry out `import-bpmn`; with --check 0 once every file has its verdict, else 1 if a file was refused."""
    parser = argparse.ArgumentParser(prog="run.py import-bpmn", description="导入别的工具画的 BPMN 流程图")
    parser.add_argument("files", nargs="+", metavar="FILE", help="BPMN 2.0 文件")
    parser.add_argument("--check", action="store_true", help="只说每个文件会怎样，不写任何文件")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    parser.add_argument(
        "--off",
        action="append",
        default=[],
        metavar="RULE[:ELEMENT]",
        help="不要这一条改写，例如 G3:gateway_1",
    )
    parser.add_argument("--into", type=Path, default=Path("imported"), metavar="DIR", help="草稿写到哪里")
    options = parser.parse_args(argv)
    verdicts = [verdict_of(file, frozenset(options.off)) for file in options.files]
    written = [] if options.check else [str(path) for path in _write(options.into, verdicts)]
    if options.json:
        print(json.dumps([_as_data(verdict) for verdict in verdicts], ensure_ascii=False, indent=1))
    else:
        print("\n".join(line for verdict in verdicts for line in _words(verdict)))
        print("\n".join(f"已写 {path}" for path in written), end="\n" if written else "")
    return 0 if options.check or all(verdict.status != "refused" for verdict in verdicts) else 1


def verdict_of(file: str, off: frozenset[str] = frozenset()) -> Verdict:
    """Return the verdict on a file: as it is, rewritten, or refused with a sentence."""
    try:
        source = _content(Path(file))
    except OSError:
        return Verdict(file, "refused", Imported(), "读不了这个文件。请检查路径和权限。")
    imported = import_diagram(source, off, shipped())
    if imported.refused:
        return Verdict(file, "refused", imported, imported.refused)
    left = [finding.message_zh for draft in imported.drafts for finding in draft.findings]
    if left:
        return Verdict(file, "refused", imported, f"还有 {len(left)} 处不能自动改写：{''.join(left[:5])}")
    open_questions = sum(change.decide for change in imported.changes)
    message = f"有 {open_questions} 处要人确认。" if open_questions else ""
    return Verdict(file, "rewritten" if imported.changes else "ok", imported, message)


def shipped() -> Known:
    """Return what comes with the product: processes, forms and decision tables by name."""
    return Known(
        *(
            frozenset(path.stem for path in folder.glob(pattern))
            for folder, pattern in ((DIAGRAMS, "*.bpmn"), (SCHEMAS, "*.json"), (DECISIONS, "*.dmn"))
        )
    )


def _content(path: Path) -> bytes:
    """Return the bytes of a plain file, no more than one that is too large needs to be refused."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _write(folder: Path, verdicts: Sequence[Verdict]) -> Iterator[Path]:
    """Write the files of each draft below a folder with the name of its source."""
    for verdict in verdicts:
        if verdict.status == "refused":
            continue
        for draft in verdict.imported.drafts:
            for name, content in draft.files.items():
                path = folder / Path(verdict.file).stem / draft.key / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            yield folder / Path(verdict.file).stem / draft.key


def _words(verdict: Verdict) -> Iterator[str]:
    mark = "✗" if verdict.status == "refused" else "✓"
    yield f"{mark} {verdict.file}：{_TOLD[verdict.status]}。{verdict.message}"
    for change in verdict.imported.changes:
        yield f"  {'? ' if change.decide else '  '}[{change.key}] {change.message}"
    for draft in verdict.imported.drafts:
        for finding in draft.decisions:
            yield f"  ? {finding.message_zh}"


def _as_data(verdict: Verdict) -> dict[str, object]:
    changes = [{"rule": c.rule, "element": c.element, "message": c.message} for c in verdict.imported.changes]
    return {
        "file": verdict.file,
        "status": verdict.status,
        "changes": changes,
        "message": verdict.message,
    }
