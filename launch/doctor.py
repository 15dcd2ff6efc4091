"""`run.py doctor`: what is wrong with this installation and the remedy; `--invariants`: with its data."""

import argparse
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from documents.fonts import is_installed
from launch import LaunchError
from launch.runtime import LaunchSettings, open_runtime
from store import revision
from store.calendar import load_calendar
from store.scope import Scope
from webapp.assets import DIST
from workflows.breaches import breaches
from workflows.runtime import Runtime, legal_day

_SCOPE = Scope.everything("the doctor looks at all rows")
SECRETS = Path(__file__).parent.parent / "instance" / "secrets.toml"
LEAST_SPACE = 1 << 30
AUTUMN = 11


class Complaint(Struct, frozen=True):
    """One thing that is wrong, and what to do. A hint does not make the exit code 1."""

    what: str
    remedy: str
    hint: bool = False


def main(argv: Sequence[str], settings: LaunchSettings) -> int:
    """Look at the installation, or with `--invariants` at the data; 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="run.py doctor")
    parser.add_argument(
        "--invariants", action="store_true", help="查数据：每个办件、待办、计时、事件链、文件"
    )
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    options = parser.parse_args(argv)
    found = list(_of_data(settings) if options.invariants else _of_installation(settings))
    if options.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            print(f"{'·' if one.hint else '✗'} {one.what}" + (f"。{one.remedy}" if one.remedy else ""))
        if not found:
            print("✓ 没有发现问题")
    return 1 if any(not one.hint for one in found) else 0


def _of_installation(settings: LaunchSettings) -> Iterator[Complaint]:
    yield from _programs(settings)
    yield from _folders(settings)
    try:
        runtime = open_runtime(settings)
    except LaunchError as error:
        yield Complaint(str(error), "")
        return
    with closing(runtime.database):
        if not revision.is_current(runtime.database):
            yield Complaint("数据库结构不是最新的", "请运行 python3 run.py migrate")
        else:
            yield from _calendars(runtime)


def _programs(settings: LaunchSettings) -> Iterator[Complaint]:
    if not is_installed() and settings.document_font_dir is None:
        yield Complaint("文书字体没有装好，文书打印不出来", "请联网后再运行一次 python3 run.py，会自动补上")
    if not (DIST / "manifest.json").is_file():
        yield Complaint("页面的脚本和样式还没有生成", "请运行 python3 run.py，会自动生成")


def _folders(settings: LaunchSettings) -> Iterator[Complaint]:
    if SECRETS.exists() and os.name == "posix" and stat.S_IMODE(SECRETS.stat().st_mode) & 0o077:
        yield Complaint(f"密钥文件 {SECRETS} 别人也读得到", f"请运行 chmod 600 {SECRETS}")
    for folder in sorted({SECRETS.parent, settings.files}):
        yield from _folder(folder)


def _folder(folder: Path) -> Iterator[Complaint]:
    place = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        yield Complaint(f"文件夹 {folder} 不可写（{error.strerror}）", "请检查它的所有者和权限")
    if (free := shutil.disk_usage(place).free) < LEAST_SPACE:
        yield Complaint(f"{folder} 所在的盘只剩 {free >> 20} MB", "请清出 1 GB 以上的空间")


def _calendars(runtime: Runtime) -> Iterator[Complaint]:
    """The current year must be published; the next one is known from November on."""
    today = legal_day(runtime.now())
    with runtime.database.read(_SCOPE) as session:
        through = load_calendar(session).published_through
    for year in (today.year, today.year + 1):
        if through.year < year:
            late = year == today.year or today.month > AUTUMN
            remedy = f"国务院办公厅公布后请运行 python3 run.py calendar {year}；在此之前的期限标为暂定"
            yield Complaint(f"没有 {year} 年的工作日历", remedy, hint=not late)


def _of_data(settings: LaunchSettings) -> Iterator[Complaint]:
    runtime = open_runtime(settings)
    with closing(runtime.database):
        if not revision.is_current(runtime.database):
            yield Complaint("数据库结构不是最新的", "请运行 python3 run.py migrate")
            return
        yield from _breaches(runtime)


def _breaches(runtime: Runtime) -> Iterator[Complaint]:
    for sentence in breaches(runtime):
        yield Complaint(sentence, "")
