#!/usr/bin/env python3
"""Weiran in one command: `python3 run.py` sets up and serves; `python3 run.py --help` lists the rest.

Down to the check of its version this file keeps to what every Python 3 understands.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # an old Python is told so in one line
    sys.exit(
        "需要 Python 3.11 或更新的版本，现在是 %d.%d。" % sys.version_info[:2]  # noqa: UP031  # older than f-strings
        + "请安装后用它运行，例如：python3.12 run.py"
    )

import argparse
import gc
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from launch import LaunchError
from launch.options import options_of
from setup_steps import SetupError, prepare
from setup_steps.arguments import speak_chinese
from setup_steps.environment import keeping_bytecode
from setup_steps.own_secrets import write_first

if TYPE_CHECKING:
    from config import Settings

ROOT = Path(__file__).resolve().parent
SECRETS_FILE = ROOT / "instance" / "secrets.toml"
SECRETS = {"SECRET_KEY", "FIELD_KEYS", "SIGNING_KEY"}
GOOD, FOUND_SOMETHING, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class Needs(Enum):
    """What a command's function takes after its arguments."""

    NOTHING = auto()
    SETTINGS = auto()
    RUNTIME = auto()
    """A Runtime on a database whose schema is the newest."""
    NEW_DATABASE = auto()
    """The same, where a database in which nothing is yet is migrated first."""
    ANY_SCHEMA = auto()
    """A Runtime on a database of whatever schema."""


@dataclass(frozen=True)
class Command:
    """What a word after `run.py` stands for: `module:function`, imported when it is asked for."""

    target: str
    summary: str
    needs: Needs = Needs.NOTHING
    pages: bool = False
    """The front end is built before it starts."""

    def function(self) -> Callable[..., int]:
        """Return the function that does the work.

        What modules make lasts as long as the process: looking for garbage among it would cost each
        start 0.4 s, and each later search as much again.
        """
        module, _, name = self.target.partition(":")
        gc.disable()
        found: Callable[..., int] = getattr(import_module(module), name)
        gc.freeze()
        gc.enable()
        return found


COMMANDS = {
    "serve": Command("launch.serve:serve", "安装、迁移并启动；不写命令时就是它", Needs.SETTINGS, pages=True),
    "test": Command("setup_steps.checks:main", "跑全部检查和测试", pages=True),
    "migrate": Command("launch.runtime:migrate", "把数据库升到最新，并发布随产品来的流程", Needs.ANY_SCHEMA),
    "worker": Command("launch.work:work", "单独运行到期计时和后台任务", Needs.RUNTIME),
    "users": Command("workflows.accounts:main", "建账号并给角色：users add", Needs.RUNTIME),
    "import": Command(
        "workflows.registers:main", "导入台账：import REGISTER FILE [--dry-run]", Needs.RUNTIME
    ),
    "demo": Command("demo.command:main", "装演示数据：demo --size demo|standard|load", Needs.NEW_DATABASE),
    "calendar": Command(
        "workflows.calendars:main", "写下某年公布的工作日，并重算暂定期限：calendar YEAR", Needs.RUNTIME
    ),
    "schedule": Command(
        "worker.schedule:main", "职责日历到时开哪些单：schedule --from DAY --to DAY [--json]", Needs.RUNTIME
    ),
    "verify": Command(
        "workflows.verification:main", "核对事件链、文件和档案，指出第一处不对的", Needs.RUNTIME
    ),
    "compliance": Command(
        "workflows.compliance:main",
        "逐条合规：compliance --on DAY，每条职责符合、有风险还是不符合",
        Needs.RUNTIME,
    ),
    "doctor": Command("launch.doctor:main", "这套安装哪里不对、怎么办；--invariants 查数据", Needs.SETTINGS),
    "feel": Command(
        "workflows.trial.expressions:main", "算一个 FEEL 表达式：feel EXPRESSION [JSON]，--lines 成批"
    ),
    "decide": Command(
        "workflows.trial.decisions:main", "算一个决策：decide FILE.dmn NAME [JSON]，--lines 成批"
    ),
    "tck": Command("workflows.trial.suite_command:main", "跑公开的 DMN 测试集：tck DIR [--level N]"),
    "import-bpmn": Command(
        "workflows.importer.command:main", "导入别的工具画的流程图：import-bpmn [--check] [--json] FILE…"
    ),
    "check": Command("workflows.trial.files:main", "发布前的检查：check FILE…，不写文件就查随产品来的"),
    "release": Command(
        "workflows.release_command:main",
        "版本成文件、文件成草稿、比较两版：release export|import|diff",
        Needs.RUNTIME,
    ),
    "replay": Command(
        "workflows.replay.command:main", "办过的都在草稿里回放一遍：replay DRAFT|FILE [--json]", Needs.RUNTIME
    ),
    "bench": Command("bench:main", "测速：bench NAME，不写名字就列出有哪些"),
    "faults": Command(
        "faults.command:main", "故障演练：杀进程、断库、丢应答、双击……，列出丢失、重复、卡住", pages=True
    ),
    "rules": Command("rules.examples:main", "核对算例文件：每例一行，应得与算得"),
}


def main(argv: list[str]) -> int:
    """Carry out one command line; 0 = good, 1 = found something, 2 = wrong use."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # never a bare TextIO
    speak_chinese()
    if argv[:1] in (["-h"], ["--help"]):
        print(usage())
        return GOOD
    name, rest = ("serve", argv) if not argv or argv[0].startswith("-") else (argv[0], argv[1:])
    if name not in COMMANDS:
        print(f"没有命令“{name}”。\n{usage()}", file=sys.stderr)
        return WRONG_USE
    try:
        return prepare_and_carry_out(name, rest, argv)
    except (SetupError, LaunchError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return FOUND_SOMETHING
    except KeyboardInterrupt:
        print("已中断", file=sys.stderr)
        return INTERRUPTED


def usage() -> str:
    """Return the list of commands."""
    lines = [f"  {name:<9} {command.summary}" for name, command in COMMANDS.items()]
    tail = "每个命令加 --help 可看它的选项；要数据库的命令都可加 --database URL。"
    return "\n".join(["用法：python3 run.py [命令] [选项]", "", *lines, "", tail])


def prepare_and_carry_out(name: str, rest: list[str], argv: list[str]) -> int:
    """Set up what is missing, move into the environment, and call the command's function."""
    command = COMMANDS[name]
    if name == "serve":
        options_of(rest)  # a wrong one is told before anything is installed
    environment = prepare(ROOT, for_tests=name == "test", pages=command.pages)
    if not environment.is_running():
        return start_again([str(environment.python), str(ROOT / "run.py"), *argv])
    if command.needs is Needs.NOTHING:
        return command.function()(rest)
    url, rest = take_database(rest)
    settings = read(url)
    if command.needs is Needs.SETTINGS:
        return command.function()(rest, settings)
    from launch.runtime import fill_new_database, open_runtime, refuse_old_schema

    runtime = open_runtime(settings)
    if command.needs is Needs.NEW_DATABASE:
        fill_new_database(runtime)
    if command.needs is not Needs.ANY_SCHEMA:
        refuse_old_schema(runtime)
    return command.function()(rest, runtime)


def start_again(command: list[str]) -> int:
    """Run the same command line inside the environment, in place of this process where possible."""
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execve(command[0], command, keeping_bytecode(os.environ, ROOT))  # noqa: S606  # our own interpreter and file
    return subprocess.call(command, env=keeping_bytecode(os.environ, ROOT))  # noqa: S603  # our own interpreter and file


def take_database(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Return the value of `--database` and the other arguments."""
    parser = argparse.ArgumentParser(prog="run.py", add_help=False, allow_abbrev=False)
    parser.add_argument("--database", metavar="URL")
    known, rest = parser.parse_known_args(arguments)
    return known.database, rest


def read(database_url: str | None) -> "Settings":
    """Return the settings in force; secrets that nobody gives are made once."""
    from config import SettingError, read_settings

    if not os.environ.keys() >= SECRETS:
        write_first(SECRETS_FILE)
    try:
        return read_settings(database_url=database_url)
    except SettingError as error:
        raise LaunchError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
