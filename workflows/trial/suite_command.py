"""`run.py tck DIR`: the public suite, counted strictly, against the record of what has ever passed."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from workflows.trial import decisions
from workflows.trial.answers import answer_lines
from workflows.trial.suite import LEVELS, FailedError, Result, folder_of, results

RECORD = Path(__file__).with_name("suite_passed.txt")
MOST_TOLD = 100


def main(argv: Sequence[str]) -> int:
    """Carry out `tck`; 1 if a case fails that has passed before, 2 if there is no suite."""
    parser = argparse.ArgumentParser(prog="run.py tck", description="跑公开的 DMN 测试集")
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="里面有 compliance-level-2、compliance-level-3"
    )
    parser.add_argument("--level", type=int, choices=LEVELS, help="只跑这一级")
    parser.add_argument("--only", default="", metavar="PART", help="只跑名字里有它的目录")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    parser.add_argument(
        "--lines", action="store_true", help="从标准输入读 JSON 行，每行答一行；模型的路径从 DIR 算起"
    )
    parser.add_argument("--record", action="store_true", help="把新通过的记入名单（只增不减）")
    options = parser.parse_args(argv)
    if options.lines:
        return answer_lines(partial(decisions.answer, folder=options.folder))
    folder = folder_of(options.folder)
    if folder is None:
        print(f"✗ “{options.folder}”里没有测试集。", file=sys.stderr)
        return 2
    levels = [options.level] if options.level else LEVELS
    found = [result for level in levels for result in results(folder, level, options.only)]
    if not found:
        print(f"✗ “{options.folder}”里没有这样的用例。", file=sys.stderr)
        return 2
    lost = lost_of(found, recorded())
    if options.record:
        record(found)
    told = summary(found, lost)
    print(json.dumps(told, ensure_ascii=False) if options.json else in_words(found, lost))
    return 1 if lost else 0


def recorded() -> frozenset[str]:
    """Return the keys of all cases that have ever passed."""
    if not RECORD.exists():
        return frozenset()
    keys = set()
    for line in RECORD.read_text(encoding="utf-8").splitlines():
        where, _, names = line.partition(": ")
        keys |= {f"{where}/{name}" for name in names.split()}
    return frozenset(keys)


def lost_of(found: Iterable[Result], known: frozenset[str]) -> list[str]:
    """Return the cases that have passed before and do not now, and the files of such that cannot be read."""
    files = {key.rpartition("/")[0] for key in known}
    return sorted(result.key for result in found if not result.passed and result.key in known | files)


def record(found: Iterable[Result]) -> None:
    """Add what passes to the record: a line for each file of cases."""
    keys = recorded() | {result.key for result in found if result.passed}
    lines: dict[str, list[str]] = {}
    for key in sorted(keys):
        where, _, name = key.rpartition("/")
        lines.setdefault(where, []).append(name)
    RECORD.write_text(
        "".join(f"{where}: {' '.join(names)}\n" for where, names in lines.items()), encoding="utf-8"
    )


def summary(found: Sequence[Result], lost: Sequence[str]) -> dict[str, object]:
    """Return the counts of each level and directory, what failed and how, and what was lost."""
    directories: dict[str, Counter[str]] = {}
    levels: dict[str, Counter[str]] = {}
    for result in found:
        for counts in (
            directories.setdefault(f"{result.level}/{result.directory}", Counter()),
            levels.setdefault(str(result.level), Counter()),
        ):
            counts.update(_kinds(result))
    return {
        "levels": {level: _counts(counts) for level, counts in levels.items()},
        "directories": {name: _counts(counts) for name, counts in directories.items()},
        "failed": [_failure(result) for result in found if not result.passed],
        "lost": list(lost),
    }


def in_words(found: Sequence[Result], lost: Sequence[str]) -> str:
    """Return the counts and the failures for people."""
    told = summary(found, lost)
    lines = []
    for name, counts in _each(told["directories"]):
        lines.append(f"{name}: {_told(counts)}")
    failed = [result for result in found if not result.passed]
    lines += [f"  ✗ {result.key}：{_reason(result)}" for result in failed[:MOST_TOLD]]
    lines += [f"第 {level} 级：{_told(counts)}" for level, counts in _each(told["levels"])]
    lines += [f"✗ 以前通过、现在没有：{key}" for key in lost]
    return "\n".join(lines)


def _kinds(result: Result) -> list[str]:
    if result.passed:
        return ["total", "passed"]
    wrong = ["wrong_non_null"] if result.is_silently_wrong else []
    return ["total", "failed", *wrong, *(["skipped"] if result.skipped else [])]


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {kind: counts[kind] for kind in ("total", "passed", "failed", "wrong_non_null", "skipped")}


def _failure(result: Result) -> dict[str, object]:
    return {"case": result.key, "reason": _reason(result), "wrong_non_null": result.is_silently_wrong}


def _reason(result: Result) -> str:
    if result.skipped:
        return f"跳过：{result.skipped}"
    if isinstance(result.got, FailedError):
        return str(result.got)
    return "得到了别的值" if result.is_silently_wrong else "得到空值"


def _told(counts: dict[str, int]) -> str:
    told = f"{counts['passed']}/{counts['total']}"
    wrong = f"，错值 {counts['wrong_non_null']}" if counts["wrong_non_null"] else ""
    return told + wrong + (f"，跳过 {counts['skipped']}" if counts["skipped"] else "")


def _each(told: object) -> list[tuple[str, dict[str, int]]]:
    return list(told.items()) if isinstance(told, dict) else []
