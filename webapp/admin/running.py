"""How the installation runs: the figures that a monitor reads, in words."""

from collections.abc import Mapping

from msgspec import Struct

from store import revision
from store.pages.running import Running, running
from store.scope import Scope
from webapp.admin.frame import blueprint, show
from webapp.admin.jobs import KINDS
from webapp.health import reasons_against
from webapp.identity import the_runtime
from webapp.texts import _

DATABASES: Mapping[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_SCOPE = Scope.everything("figures of how the installation runs")


class RunningPage(Struct, frozen=True):
    """The figures as they are shown, and what keeps the product from working."""

    found: Running
    reasons: tuple[str, ...]
    database: str
    schema: str
    newest: str


@blueprint.get("/running", endpoint="running")
def index() -> str:
    """Show how the installation runs."""
    runtime = the_runtime()
    with runtime.database.read(_SCOPE) as session:
        found = running(session, runtime.now())
    page = RunningPage(
        found=found,
        reasons=tuple(reasons_against(runtime)),
        database=DATABASES[runtime.database.dialect],
        schema=revision.present(runtime.database) or "",
        newest=revision.newest(),
    )
    return show("running", "admin.running", page=page, kind_of=_kind, delay=_delay)


def _kind(kind: str) -> str:
    return str(KINDS.get(kind) or _("其他任务"))


def _delay(seconds: float) -> str:
    """Return how long something has been due, in the largest unit that says it."""
    for length, words in ((86_400, _("%(n)s 天")), (3_600, _("%(n)s 小时")), (60, _("%(n)s 分钟"))):
        if seconds >= length:
            return words % {"n": int(seconds // length)}
    return _("不到 1 分钟")
