"""Sample data: registers as Excel files fed through the importer, cases moved by people's own commands."""

import argparse
from collections.abc import Callable, Sequence

from demo import offices
from demo.city import SIZES
from demo.loading import load
from demo.offices import Account
from store.scope import Scope
from worker.loop import tick
from workflows.runtime import Runtime

__all__ = ["Account", "accounts", "load_first", "main"]

_SCOPE = Scope.everything("the demo accounts are printed")


def load_first(runtime: Runtime, progress: Callable[[str], None]) -> None:
    """Load the small city into an empty database; its papers are printed by the worker that starts next."""
    load(runtime, "demo", progress)


def accounts(runtime: Runtime) -> Sequence[Account]:
    """Return the demo accounts of this database; none if it holds no sample data."""
    with runtime.database.read(_SCOPE) as session:
        return offices.accounts(session)


def main(argv: list[str], runtime: Runtime) -> int:
    """Carry out `demo --size demo|standard|load` on an empty database; 1 if it holds sample data already."""
    parser = argparse.ArgumentParser(prog="run.py demo")
    parser.add_argument("--size", choices=sorted(SIZES), default="demo")
    options = parser.parse_args(argv)
    if accounts(runtime):
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
