"""`python3 run.py demo`: a sample city in an empty database, with its papers."""

import argparse
from collections.abc import Sequence

from demo.accounts import accounts
from demo.city import SIZES
from demo.loading import load
from store.scope import Scope
from worker.loop import tick
from workflows.runtime import Runtime


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Carry out `demo --size demo|standard|load` on an empty database; 1 if it holds sample data already."""
    parser = argparse.ArgumentParser(prog="run.py demo")
    parser.add_argument("--size", choices=sorted(SIZES), default="demo")
    options = parser.parse_args(argv)
    with runtime.database.read(Scope.everything("sample data goes into an empty database")) as session:
        has_some = bool(accounts(session))
    if has_some:
        print("这个数据库里已有演示数据，请用 --database 换一个新的数据库")
        return 1
    load(runtime, options.size, _tell)
    _tell("生成文书和档案包")
    printed = 0
    while done := tick(runtime):
        printed += done
        _tell(f"  {printed}")
    return 0


def _tell(line: str) -> None:
    print(line, flush=True)
