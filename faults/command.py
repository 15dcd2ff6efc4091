"""`python3 run.py faults`: all families in turn, then a table; 1 if anything was lost, doubled or stuck."""

import argparse
import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random

from msgspec import Struct, to_builtins
from sqlalchemy import URL, make_url

from bench.visits import tomorrow_morning
from faults.audit import audit
from faults.families import FAMILIES, Family
from faults.ground import lay
from faults.orders import Orders
from faults.person import Journal
from faults.product import Product
from faults.proxy import Connect, Proxy, local_listener
from faults.rehearsal import Rehearsal, Tally, start_clock
from faults.sabotage import PROTECTIONS
from store import secrets
from store.database import Database
from store.files import FileStore
from tests.support.postgres import Guardian, NoPostgresError, Server, running_server
from workflows.runtime import Runtime, wall_clock

MINUTES = 2.0
_WIDTHS = (18, 8, 8, 8, 8, 8, 8)


class Site(Struct, frozen=True):
    """A database to run on: how clients reach it, how the product does, who may crash it."""

    name: str
    url: str
    served_url: str
    back: Proxy | None = None
    guardian: Guardian | None = None


def main(arguments: Sequence[str]) -> int:
    """Run the families; without `--database` on SQLite and on a PostgreSQL of its own."""
    options = _options(arguments)
    secrets.configure({"k1": bytes(range(32))})
    found: dict[str, list[Tally]] = {}
    with tempfile.TemporaryDirectory(prefix="weiran-faults-") as name:
        for number, place in enumerate(_places(options.database)):
            folder = Path(name) / str(number)
            folder.mkdir()
            with place(folder) as site:
                if isinstance(site, str):
                    print(f"PostgreSQL：跳过（{site}）", flush=True)
                    continue
                found[site.name] = _rehearse(site, folder, options)
                if not options.json:
                    tell(site.name, found[site.name])
    is_good = all(not (t.lost or t.doubled or t.stuck) for tallies in found.values() for t in tallies)
    if options.json:
        told = {name: [to_builtins(tally) for tally in tallies] for name, tallies in found.items()}
        print(json.dumps({"seed": options.seed, "good": is_good, "databases": told}, ensure_ascii=False))
    return 0 if is_good else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py faults", description="故障演练：真进程、真信号，客户端自己记账。"
    )
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help=f"每个数据库上大约几分钟，缺省 {MINUTES:g}"
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        help="sqlite、postgresql（各自新建）、空的 SQLite 文件、或一台 PostgreSQL；缺省前两种都跑",
    )
    parser.add_argument("--family", choices=list(FAMILIES), action="append", help="只跑这一族，可写几次")
    parser.add_argument("--seed", type=int, default=1, help="随机数的种子，缺省 1")
    parser.add_argument("--sabotage", choices=PROTECTIONS, help="拿掉一道保护，应当报出丢失或重复")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    return parser.parse_args(arguments)


Place = Callable[[Path], AbstractContextManager["Site | str"]]


def _places(database: str | None) -> list[Place]:
    own: dict[str, Place] = {"sqlite": _sqlite, "postgresql": lambda folder: _postgres(folder, None)}
    if database is None:
        return list(own.values())
    if database in own:
        return [own[database]]
    if database.startswith("postgres"):
        return [lambda folder: _postgres(folder, database)]
    return [lambda folder: _sqlite(folder, Path(database.removeprefix("sqlite:///")))]


@contextmanager
def _sqlite(folder: Path, file: Path | None = None) -> Iterator[Site | str]:
    url = f"sqlite:///{(file or folder / 'faults.db').absolute()}"
    yield Site("SQLite", url, url)


@contextmanager
def _postgres(folder: Path, given: str | None) -> Iterator[Site | str]:
    try:
        with running_server(durable=True, given=given) as server:
            name = f"weiran_faults_{folder.name}_{Random().getrandbits(32):08x}"
            server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0")
            try:
                yield _behind_a_proxy(server, name)
            finally:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    except NoPostgresError as error:
        yield str(error)


def _behind_a_proxy(server: Server, name: str) -> Site:
    listener, address = local_listener()
    host, _, port = address.partition(":")
    url = make_url(server.url(name))
    proxy = Proxy(listener, _connector(url))
    served = url.set(
        host=host, port=int(port), query={key: v for key, v in url.query.items() if key != "host"}
    )
    return Site(
        "PostgreSQL", server.url(name), served.render_as_string(hide_password=False), proxy, server.guardian
    )


def _connector(url: URL) -> Connect:
    folder = url.query.get("host")
    port = url.port or 5432

    def connect() -> socket.socket:
        if folder is None:
            return socket.create_connection((url.host or "127.0.0.1", port))
        end = socket.socket(socket.AF_UNIX)
        end.connect(f"{folder}/.s.PGSQL.{port}")
        return end

    return connect


def _rehearse(site: Site, folder: Path, options: argparse.Namespace) -> list[Tally]:
    """Run the families on one database."""
    dice = Random(options.seed)
    product = Product(site.served_url, folder, options.sabotage)
    start_clock(product.orders, tomorrow_morning(), wall_clock())
    clock = Orders(product.orders, "client").now
    runtime = Runtime(Database(site.url), FileStore(folder / "files"), clock, signing_key=bytes(range(32)))
    ground = lay(runtime, dice)
    listener, front_address = local_listener()
    front = Proxy(listener, lambda: socket.create_connection(("127.0.0.1", product.port)))
    journal = Journal(folder / "journal.jsonl")
    run = Rehearsal(product, ground, journal, dice, front, front_address, site.back, site.guardian)
    chosen = {name: FAMILIES[name] for name in options.family or FAMILIES}
    try:
        product.start()
        return [
            _one(run, name, family, options.minutes * 60 / len(chosen)) for name, family in chosen.items()
        ]
    finally:
        product.end()
        journal.close()
        front.close()
        runtime.database.close()


def _one(run: Rehearsal, name: str, family: Family, seconds: float) -> Tally:
    """Run one family for about so many seconds."""
    run.family, run.tally, run.visits, run.ordered_at = name, Tally(family.title), [], -1
    if family.needs_own_postgres and run.guardian is None:
        run.tally.skipped = "要一台自己的 PostgreSQL" if run.back else "SQLite 不适用"
        return run.tally
    if family.begin:
        family.begin(run)
    run.walk(family.deliver, time.monotonic() + seconds)
    if family.end:
        family.end(run)
    audit(run)
    return run.tally


def tell(database: str, tallies: Sequence[Tally]) -> None:
    """Print the table of one database."""
    print(f"\n{database}")
    print(_row("族", "注入", "恢复", "确认", "丢失", "重复", "卡住"))
    for tally in tallies:
        if tally.skipped:
            print(_row(tally.title, f"跳过：{tally.skipped}"))
            continue
        print(_row(tally.title, *(str(number) for number in _numbers(tally))))
    total = [sum(column) for column in zip(*map(_numbers, tallies), strict=True)]
    print(_row("合计", *map(str, total)))
    seconds = sorted(second for tally in tallies for second in tally.recovery_seconds)
    if seconds:
        print(
            f"恢复用时（秒）：最小 {seconds[0]:.1f}，中位 {seconds[len(seconds) // 2]:.1f}，最大 {seconds[-1]:.1f}"
        )
    for tally in tallies:
        for finding in tally.findings[:20]:
            print(f"✗ {tally.title}：{finding}")


def _numbers(tally: Tally) -> tuple[int, ...]:
    return (
        tally.injected,
        tally.recovered,
        tally.acknowledged,
        tally.lost,
        tally.doubled,
        tally.stuck,
    )


def _row(*cells: str) -> str:
    """Return cells in columns; a Chinese character is two wide."""
    padded = []
    for cell, width in zip(cells, _WIDTHS, strict=False):
        wide = sum(2 if ord(letter) > 0x2E80 else 1 for letter in cell)
        padded.append(cell + " " * max(1, width - wide))
    return "".join(padded).rstrip()
