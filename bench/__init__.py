"""Numbers with the command that measures them: `run.py bench NAME`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from msgspec import Struct

FEWEST = 15


class Benchmark(Struct, frozen=True):
    """What a name stands for: `module:function`, imported when it is asked for, and what it measures."""

    target: str
    summary: str

    def run(self, options: argparse.Namespace) -> int:
        """Measure; 1 if a target is missed."""
        module, _, name = self.target.partition(":")
        function: Callable[[argparse.Namespace], int] = getattr(import_module(module), name)
        return function(options)


BENCHMARKS = {
    "completions": Benchmark(
        "bench.completions:main", "落库的一步：本产品、SpiffWorkflow 自带的存法、裸写两行"
    ),
    "feel": Benchmark("bench.expressions:main", "表达式和决策表：本产品、feelin、pySFeel"),
    "processes": Benchmark("bench.processes:main", "一个、两个、四个进程同时落库"),
    "inbox": Benchmark("bench.inbox:main", "待办列表：一万条与一百万条、第 1 页与第 100 页"),
    "timers": Benchmark("bench.timers:main", "后台进程空转一次：一千个和一百万个计时在等"),
    "peers": Benchmark("bench.peers:main", "落库的一步：本产品、viewflow、bpmn-engine"),
    "start": Benchmark("bench.start:main", "成批开办件与逐个开"),
    "loops": Benchmark("bench.loops:main", "越办越多会不会越慢：第 2000 圈与第 1 圈、第 500 项隐患与第 1 项"),
}


def main(argv: Sequence[str]) -> int:
    """Carry out `bench NAME`; without a name, list the benchmarks."""
    if not argv:
        print("\n".join(f"  {name:<12} {known.summary}" for name, known in BENCHMARKS.items()))
        return 0
    parser = argparse.ArgumentParser(prog="run.py bench")
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--database", metavar="URL", help="一台 PostgreSQL；会在上面新建一个库，用完删除")
    parser.add_argument("--rounds", type=int, default=FEWEST, help=f"轮数，缺省 {FEWEST}")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    options = parser.parse_args(argv)
    if options.rounds < 1:
        print("--rounds 至少是 1", file=sys.stderr)
        return 2
    return BENCHMARKS[options.name].run(options)
