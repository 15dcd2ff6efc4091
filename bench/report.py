"""What every benchmark on databases does with what it measures: tell it in words or as JSON, and judge it."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, to_builtins

from bench.databases import durable_databases
from bench.measure import machine
from store.database import Database

R = TypeVar("R", bound=Struct)


def on_every_database(
    options: argparse.Namespace,
    measure: Callable[[str, Database], R],
    in_words: Callable[[R], str],
    is_met: Callable[[R], bool],
    **besides: object,
) -> int:
    """Measure on every database that is here and tell each result; 1 if one misses its target.

    `besides` stands in the JSON beside the results.
    """
    results = []
    with durable_databases(options.database) as databases:
        for name, database in databases.items():
            if isinstance(database, str):
                print(f"{name}：跳过（{database}）", file=sys.stderr)
                continue
            results.append(measure(name, database))
            if not options.json:
                print(in_words(results[-1]))
    if options.json:
        told = {"machine": machine(), **besides, "results": [to_builtins(one) for one in results]}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(machine())
    return 0 if all(is_met(result) for result in results) else 1
