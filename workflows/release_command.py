"""`run.py release …`: compare two releases, write one as a file, read one from a file."""

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from store.scope import Scope
from workflows.compare import Area, Change, compare
from workflows.engine import DiagramError, sentence
from workflows.errors import NotFoundError
from workflows.handlers.release_files import keep_draft
from workflows.people import SYSTEM
from workflows.release_files.reading import PackageError, read_folder, read_package
from workflows.release_files.sources import bundle_named
from workflows.release_files.writing import package_of, write_folder
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
    words = parser.add_subparsers(required=True, metavar="export|import|diff")
    export = words.add_parser("export", help="一版写成一个文件，或一个文件夹")
    export.add_argument("release", metavar="PROCESS[@N]", help=NAMED)
    export.add_argument("file", nargs="?", type=Path, metavar="FILE", help="写到哪个文件")
    export.add_argument("--folder", type=Path, metavar="DIR", help="写成文件夹，git 里看得出改了什么")
    export.set_defaults(carry_out=_export)
    bring = words.add_parser("import", help="版本文件或文件夹成为草稿，要检查、批准以后才发布")
    bring.add_argument("file", type=Path, metavar="FILE", help="导出的文件或文件夹")
    bring.set_defaults(carry_out=_import)
    diff = words.add_parser("diff", help="两版有哪些不同")
    diff.add_argument("before", metavar="A", help=NAMED)
    diff.add_argument("after", metavar="B", help="同上")
    diff.add_argument("--json", action="store_true", help="结果写成 JSON")
    diff.set_defaults(carry_out=_diff)
    return parser.parse_args(argv)


def _export(runtime: Runtime, options: argparse.Namespace) -> int:
    target: Path | None = options.folder or options.file
    if target is None or (options.folder and options.file):
        print("✗ 写明导出到哪里：FILE 或者 --folder DIR，二者选一。", file=sys.stderr)
        return WRONG_USE
    with runtime.database.read(Scope.everything(_REASON)) as session:
        bundle = bundle_named(session, options.release)
    try:
        if options.folder:
            write_folder(bundle, options.folder)
        else:
            options.file.write_bytes(package_of(bundle))
    except FileExistsError:
        print(f"✗ 文件夹“{target}”里已有东西，请换一个空的。", file=sys.stderr)
        return FOUND
    except OSError as error:
        print(f"✗ 写不了“{target}”：{error.strerror}。", file=sys.stderr)
        return FOUND
    print(f"✓ {bundle.key}：{len(bundle.files)} 个文件，写到 {target}")
    return GOOD


def _import(runtime: Runtime, options: argparse.Namespace) -> int:
    if not options.file.exists():
        print(f"✗ 没有“{options.file}”这个文件。", file=sys.stderr)
        return WRONG_USE
    bundle = read_folder(options.file) if options.file.is_dir() else read_package(options.file.read_bytes())
    found = keep_draft(runtime, bundle, SYSTEM)
    print(f"✓ {found.process} 成为草稿 {found.draft_id}；比较、检查以后，由第二个人批准才发布")
    return GOOD


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
