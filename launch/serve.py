"""`python3 run.py`: migrate, demo data the first time, then the pages with a worker beside them."""

from collections.abc import Sequence
from ipaddress import ip_address

from sqlalchemy import select

from demo.accounts import Account, accounts, start
from launch import LaunchError
from launch.beside import Beside
from launch.options import options_of
from launch.runtime import LaunchSettings, migrate, open_runtime
from store.scope import Scope
from store.tables import Person
from webapp import create_app, server
from workflows.accounts import FIRST
from workflows.runtime import Runtime


def serve(arguments: Sequence[str], settings: LaunchSettings) -> int:
    """Serve until asked to stop.

    Raises: LaunchError when the address is taken or unsafe, or the database cannot be used.
    """
    options = options_of(arguments)
    refuse_unsafe_address(options.host, settings.public_url, demo_wanted=options.demo)
    try:
        server.check_address(options.host, options.port)
    except server.AddressError as error:
        raise LaunchError(str(error)) from error
    address = _address(options.host, options.port)
    runtime = open_runtime(settings, address)
    migrate([], runtime)
    known = _accounts(runtime, options.host, demo_wanted=options.demo)
    welcome = _welcome(address, known, runtime)
    application = create_app(settings, runtime, demo=bool(known))
    runtime.database.close()
    beside: list[Beside] = []

    def when_ready() -> None:
        beside.append(Beside(settings.database_url, runtime.public_url))
        print(welcome, flush=True)

    try:
        server.serve(application, options.host, options.port, when_ready)
    finally:
        for worker in beside:
            worker.stop()
    return 0


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_unsafe_address(host: str, public_url: str | None, *, demo_wanted: bool) -> None:
    """Refuse demo accounts and plain http off this machine.

    Raises: LaunchError naming the option or setting that is missing.
    """
    if is_loopback(host):
        return
    if demo_wanted:
        raise LaunchError("演示账号只能在本机使用：对外服务请加 --no-demo，并用没有演示数据的数据库")
    if not (public_url or "").startswith("https://"):
        raise LaunchError("对外服务必须用 https：请把 PUBLIC_URL 设为 https:// 网址，由反向代理提供证书")


def _accounts(runtime: Runtime, host: str, *, demo_wanted: bool) -> Sequence[Account]:
    """Return the demo accounts of this database; demo data goes into an empty one."""
    if demo_wanted and not _has_people(runtime):
        from demo.loading import load  # noqa: PLC0415  # heavy, and needed by the first start alone

        load(runtime, "demo", lambda line: print(f"  {line}", flush=True))
    with runtime.database.read(Scope.everything("the demo accounts are printed")) as session:
        known = accounts(session)
    if known and not is_loopback(host):
        raise LaunchError("这个数据库里有演示账号，不能对外服务：请用 --database 换一个新的数据库")
    return known


def _has_people(runtime: Runtime) -> bool:
    with runtime.database.read(Scope.everything("first start")) as session:
        return session.scalar(select(Person.id).limit(1)) is not None


def _welcome(address: str, known: Sequence[Account], runtime: Runtime) -> str:
    """Return what to say when pages can be asked for: where, and as whom."""
    if known:
        rows = [f"  {account.login:<20} {account.password:<16} {account.title}" for account in known]
        people = "\n".join(["演示账号（账号、密码、角色）：", *rows, *_way(runtime)])
    elif _has_people(runtime):
        people = "用已有的账号登录。"
    else:
        people = f"还没有账号。请另开一个窗口，建第一个管理员（由他在网页上建其他账号）：{FIRST}"
    return f"\n未然已启动：{address}\n{people}\n按 Ctrl-C 停止。"


def _way(runtime: Runtime) -> list[str]:
    """Return how a newcomer takes one service from its dispatch to the archive, if one waits for it."""
    with runtime.database.read(Scope.everything("a service to begin with is named")) as session:
        found = start(session)
    if found is None:
        return []
    people = f"负责人选{found.expert}（expert），单位一方用 {found.contact} 登录，密码相同。"
    return [f"走一遍全程：coordinator 给“{found.unit}”派单，{people}"]


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
