"""`python3 run.py import REGISTER FILE [--dry-run]`: the same importer as the page, with a progress bar."""

import argparse
import sys
from pathlib import Path

from click import progressbar

from documents.sheets import REGISTERS, SheetError
from workflows.people import SYSTEM
from workflows.registers.importing import ImportOutcome, import_register
from workflows.runtime import Runtime

GOOD, FOUND_SOMETHING, WRONG_USE = 0, 1, 2


def main(argv: list[str], runtime: Runtime) -> int:
    """Import a file; 0 = all rows kept, 1 = bad rows or a refused file, 2 = no such file."""
    names = "、".join(f"{code}（{register.title}）" for code, register in REGISTERS.items())
    parser = argparse.ArgumentParser(prog="run.py import", description=f"导入台账：{names}")
    parser.add_argument("register", choices=list(REGISTERS), metavar="REGISTER")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    options = parser.parse_args(argv)
    if not options.file.is_file():
        print(f"没有文件 {options.file}", file=sys.stderr)
        return WRONG_USE
    try:
        outcome = _import(runtime, options.register, options.file, dry_run=options.dry_run)
    except SheetError as error:
        print(error.sentence, file=sys.stderr)
        return FOUND_SOMETHING
    return _report(runtime, outcome, options.file, dry_run=options.dry_run)


def _import(runtime: Runtime, register: str, file: Path, *, dry_run: bool) -> ImportOutcome:
    label = f"导入{REGISTERS[register].title}"
    with file.open("rb") as stream, progressbar(length=0, label=label, show_pos=True, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return import_register(runtime, register, stream, file.name, SYSTEM, dry_run=dry_run, progress=show)


def _report(runtime: Runtime, outcome: ImportOutcome, file: Path, *, dry_run: bool) -> int:
    head = "试导入（未写入）" if dry_run else "已导入"
    print(f"{head}：新增 {outcome.new}，更新 {outcome.changed}，相同 {outcome.same}，有误 {outcome.bad}")
    if outcome.rejects is None:
        return GOOD
    target = file.with_name(f"{file.stem}-有误.xlsx")
    target.write_bytes(runtime.files.path(outcome.rejects).read_bytes())
    print(f"有误的行和原因在 {target}")
    return FOUND_SOMETHING
