"""The start page: what to do first, how much there is, what the role watches."""

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal

from flask import current_app, url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.vocabulary import label
from rules.working_days import Calendar
from store.calendar import load_calendar
from store.fund_rules import fund_choice_for
from store.pages.inbox import InboxCounts, InboxRow, Reader, View, inbox_counts
from store.pages.incidents import open_incidents
from store.pages.jobs import JobView, job_counts
from store.pages.start import (
    administered,
    changes_since,
    most_urgent,
    open_major_hazards,
    overdue_hazards,
    short_units,
)
from webapp import access
from webapp.dates import Due, day_with_weekday, due_of, this_day
from webapp.identity import actor, signed_in, the_runtime
from webapp.sessions import SignedIn
from webapp.start import INBOX, Step, first_steps
from webapp.texts import _
from workflows.beginnings import startables
from workflows.handlers.fund_rules import conflict_on
from workflows.runtime import SHANGHAI

WATCHES_FUND = frozenset({"joint_office", "system_admin", "insurer", "provider_manager"})
STEPS_SHOWN = 3


class Urgent(Struct, frozen=True):
    """One of the most urgent items."""

    href: str
    title: str
    subject: str
    district: str
    due: Due | None
    in_pool: bool
    is_major: bool


class Tile(Struct, frozen=True):
    """A figure that leads to its rows; `tone` is red when somebody must look."""

    number: int
    unit: str
    label: str
    href: str
    tone: str = ""


class Side(Struct, frozen=True):
    """What one rule set asks of 100 yuan of premium."""

    title: str
    minimum: Decimal | None
    maximum: Decimal | None


class Home(Struct, frozen=True):
    """The start page of one person."""

    today: str
    has_inbox: bool
    may_begin: bool
    urgent: tuple[Urgent, ...]
    waiting: int
    done_today: int
    done_lately: int
    pool: int
    tiles: tuple[Tile, ...]
    steps: tuple[Step, ...]
    conflict: tuple[Side, ...]
    may_settle: bool


def build_home() -> Home:
    """Return the start page of whoever is signed in."""
    who, runtime = signed_in(), the_runtime()
    has_inbox = access.may_open("inbox.index", who.roles)
    midnight = datetime.combine(this_day(), time(), SHANGHAI)
    reader = Reader(who.person_id, who.roles, who.org_id, midnight)
    with runtime.database.read(actor().scope) as session:
        counts = inbox_counts(session, reader) if has_inbox else InboxCounts(*([0] * len(View)))
        rows = most_urgent(session, reader) if has_inbox else ()
        calendar = load_calendar(session)
        figures = tuple(_figures(session, who, midnight))
        conflict = _conflict(session, who)
        may_begin = access.may_open("beginnings.index", who.roles) and any(startables(session, actor()))
    return Home(
        today=day_with_weekday(this_day()),
        has_inbox=has_inbox,
        may_begin=may_begin,
        urgent=tuple(_urgent(row, calendar) for row in rows),
        waiting=counts.mine + counts.pool,
        done_today=counts.done_today,
        done_lately=counts.done_lately,
        pool=counts.pool,
        tiles=(*(_inbox_tiles(counts) if has_inbox else ()), *figures),
        steps=tuple(step for step in first_steps(who.roles) if step is not INBOX)[:STEPS_SHOWN],
        conflict=conflict,
        may_settle="system_admin" in who.roles,
    )


def _inbox_tiles(counts: InboxCounts) -> Iterator[Tile]:
    titles = {
        View.OVERDUE: _("已逾期"),
        View.TODAY: _("今天到期"),
        View.POOL: _("本组待领"),
        View.DONE_TODAY: _("今天已办"),
    }
    for view, title in titles.items():
        count = counts.of(view)
        tone = {View.OVERDUE: "red", View.TODAY: "amber"}.get(view, "") if count else ""
        yield Tile(count, _("条"), title, url_for("inbox.index", view=view.value), tone)


def _figures(session: Session, who: SignedIn, midnight: datetime) -> Iterator[Tile]:
    """Return what the roles of the person watch; each figure leads to its rows."""
    if _opens("registers.units", who):
        short = short_units(session, this_day())
        href = url_for("registers.units", state="short")
        yield Tile(short, _("家"), _("欠次没安排"), href, "red" if short else "")
    if _opens("hazards.index", who):
        major = open_major_hazards(session)
        href = url_for("hazards.index", level="major")
        yield Tile(major, _("项"), _("重大隐患没闭环"), href, "red" if major else "")
        late = overdue_hazards(session, this_day())
        href = url_for("hazards.index", view="overdue")
        yield Tile(late, _("项"), _("隐患逾期没整改"), href, "red" if late else "")
    if _opens("admin.incidents", who):
        stuck, jobs = open_incidents(session), job_counts(session)
        href = url_for("admin.incidents")
        yield Tile(stuck, _("件"), _("停住的办件"), href, "red" if stuck else "")
        for view, title in ((JobView.DEAD, _("做不成的任务")), (JobView.FAILING, _("会再试的任务"))):
            tone = "red" if jobs[view] and view is JobView.DEAD else ""
            yield Tile(jobs[view], _("个"), title, url_for("admin.jobs", view=view.value), tone)
    if _opens("admin.people", who):
        found = administered(session)
        href = url_for("admin.people", state="no_role")
        yield Tile(found.without_role, _("人"), _("还没有角色"), href)
        href = url_for("admin.people", state="without_password")
        yield Tile(found.without_password, _("人"), _("还没有密码"), href)
        yield Tile(found.fresh, _("人"), _("等首次改密码"), url_for("admin.people", state="fresh"))
    if _opens("admin.changes", who):
        today = midnight.date().isoformat()
        href = url_for("admin.changes", since=today)
        yield Tile(changes_since(session, midnight), _("条"), _("今天的变更"), href)


def _conflict(session: Session, who: SignedIn) -> tuple[Side, ...]:
    """Return both sides while the rule sets contradict each other and nobody has settled which governs."""
    if not who.roles & WATCHES_FUND or fund_choice_for(session, this_day().year) is not None:
        return ()
    verdict = conflict_on(this_day())
    if not verdict.is_conflict:
        return ()
    return tuple(
        Side(label("rule_profile", item.profile), item.minimum, item.maximum) for item in verdict.profiles
    )


def _urgent(row: InboxRow, calendar: Calendar) -> Urgent:
    due = None
    if row.due_on is not None:
        due = due_of(row.due_on, this_day(), calendar, provisional=row.provisional, natural=row.natural_days)
    return Urgent(
        href=url_for("inbox.show", work_item_id=row.id, view="pool" if row.in_pool else "mine"),
        title=row.title,
        subject=row.subject,
        district=row.district,
        due=due,
        in_pool=row.in_pool,
        is_major="major" in row.tags,
    )


def _opens(endpoint: str, who: SignedIn) -> bool:
    return endpoint in current_app.view_functions and access.may_open(endpoint, who.roles)
