"""What the pages of the fund say (第六条)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.fund_ledger import is_balance_low
from rules.vocabulary import choices, label
from store.fund_rules import fund_choice_for
from store.pages.fund import (
    Fund,
    Line,
    Statement,
    filings_of_year,
    funds_of_year,
    ledger,
    plans_of_year,
    visible_cases,
)
from store.tables import AnnualPlan, FundFiling
from webapp import addresses
from webapp.dates import this_day
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import _
from workflows.fund_words import conflict_line, profile_lines
from workflows.handlers.fund import may_accrue
from workflows.people import Actor

YEARS_SHOWN = 4
TONES = {"accrual": "blue", "expense": "", "reversal": "red"}
STATES = {"draft": "", "submitted": "blue", "filed": "green", "returned": "red", "superseded": ""}
FULL = 100


class Category(Struct, frozen=True):
    """A category of a fund: what was planned and spent, and the share of it in percent."""

    name: str
    planned: Decimal
    spent: Decimal
    percent: int | None


class Card(Struct, frozen=True):
    """A fund of the year."""

    fund: Fund
    ratio: Decimal | None
    profiles: tuple[str, ...]
    conflict: str
    categories: tuple[Category, ...]
    is_low: bool


class Paper(Struct, frozen=True):
    """A version of a plan or of a filing: its title, how far it is, and the address of its case."""

    title: str
    state: str
    tone: str
    note: str
    href: str | None


class Overview(Struct, frozen=True):
    """The page of a year."""

    year: int
    years: tuple[Tab, ...]
    cards: tuple[Card, ...]
    papers: tuple[Paper, ...]
    chosen: str
    may_accrue: bool
    ledger_href: str | None
    begin_href: str | None


class Entry(Struct, frozen=True):
    """A line of the ledger as the page shows it."""

    line: Line
    kind: str
    tone: str
    category: str
    case_href: str | None
    files: tuple[str, ...]


class Ledger(Struct, frozen=True):
    """The page of the ledger."""

    year: int
    kinds: tuple[Tab, ...]
    entries: tuple[Entry, ...]
    first_href: str | None
    next_href: str | None
    sheet_href: str
    reverse_href: str | None


def read_year(given: str) -> int:
    """Return the year that an address asks for, this one otherwise."""
    today = this_day()
    wanted = int(given) if given.isdecimal() and given.isascii() and len(given) == len("2026") else today.year
    return wanted if today.year - YEARS_SHOWN < wanted <= today.year + 1 else today.year


def year_tabs(endpoint: str, chosen: int, unit_id: UUID | None = None) -> tuple[Tab, ...]:
    """Return the years to choose from, the latest first."""
    latest = this_day().year
    return tuple(
        Tab(_("%(year)s 年", year=year), url_for(endpoint, year=year, unit_id=unit_id), year == chosen)
        for year in range(latest, latest - YEARS_SHOWN, -1)
    )


def build_overview(session: Session, year: int, actor: Actor) -> Overview:
    """Return the funds of a year that the person sees, with their plans and filings."""
    choice = fund_choice_for(session, year)
    plans, filings = plans_of_year(session, year), filings_of_year(session, year)
    cases = visible_cases(session, [row.case_id for row in plans] + [row.case_id for row in filings])
    papers = [_plan(row, cases) for row in plans] + [_filing(row, cases) for row in filings]
    return Overview(
        year=year,
        years=year_tabs("fund.index", year),
        cards=tuple(_card(fund, year) for fund in funds_of_year(session, year)),
        papers=tuple(papers),
        chosen=label("rule_profile", choice.profile) if choice is not None else "",
        may_accrue=may_accrue(actor),
        ledger_href=link_to("fund.ledger_page", year=year),
        begin_href=link_to("beginnings.index") if actor.has("coordinator") else None,
    )


def build_ledger(session: Session, year: int, given: Mapping[str, str], actor: Actor) -> Ledger:
    """Return a page of the ledger."""
    kinds = dict(choices("fund_entry_kind"))
    kind = given.get("kind", "") if given.get("kind", "") in kinds else ""
    after = _after(given.get("after", ""))
    lines, following = ledger(session, year, kind, after)
    place = f"{following[0].isoformat()},{following[1]}" if following is not None else None
    tabs = (("", _("全部")), *kinds.items())
    return Ledger(
        year=year,
        kinds=tuple(Tab(title, _href(year, code), code == kind) for code, title in tabs),
        entries=tuple(entry_of(line) for line in lines),
        first_href=_href(year, kind) if after is not None else None,
        next_href=url_for("fund.ledger_page", year=year, kind=kind or None, after=place) if place else None,
        sheet_href=url_for("fund.sheet", year=year),
        reverse_href=link_to("beginnings.show", process="fund_reversal", start="reversal_asked")
        if actor.has("provider_finance")
        else None,
    )


def entry_of(line: Line) -> Entry:
    """Return a line as pages show it."""
    entry = line.entry
    return Entry(
        line=line,
        kind=label("fund_entry_kind", entry.kind),
        tone=TONES[entry.kind],
        category=label("fund_category", entry.category) if entry.category else entry.note,
        case_href=link_to("cases.show", case_id=line.case_id) if line.case_id is not None else None,
        files=tuple(url_for("files.download", file_id=one) for one in line.files),
    )


def statement_entries(told: Statement) -> tuple[Entry, ...]:
    """Return the payments of a statement as the page shows them."""
    return tuple(entry_of(line) for line in told.lines)


def _card(fund: Fund, year: int) -> Card:
    verdict = fund.year.verdict()
    plan_total, spent = fund.year.plan_total, fund.year.spent_in_all
    return Card(
        fund=fund,
        ratio=verdict.ratio,
        profiles=tuple(profile_lines(verdict)),
        conflict=conflict_line(verdict),
        categories=tuple(_categories(fund)),
        is_low=fund.year.plan is not None and is_balance_low(plan_total, spent, date(year, 12, 31)),
    )


def _categories(fund: Fund) -> list[Category]:
    found = []
    for code, name in choices("fund_category"):
        planned, spent = fund.year.planned(code), fund.year.spent.get(code, Decimal())
        if planned or spent:
            percent = int(spent * FULL / planned) if planned else None
            found.append(Category(name, planned, spent, percent))
    return found


def _plan(plan: AnnualPlan, cases: set[UUID]) -> Paper:
    return Paper(
        _("年度工作计划 第 %(n)s 版", n=plan.version),
        label("plan_state", plan.state),
        STATES[plan.state],
        plan.filing_no or plan.reason,
        url_for("cases.show", case_id=plan.case_id) if plan.case_id in cases else None,
    )


def _filing(filing: FundFiling, cases: set[UUID]) -> Paper:
    state, tone = (_("在办"), "") if filing.submitted_on is None else (_("已报送"), "blue")
    if filing.receipt is not None:
        state, tone = label("receipt", filing.receipt), "red" if filing.receipt == "return" else "green"
    title = _("费用备案 第 %(n)s 版", n=filing.version)
    href = url_for("cases.show", case_id=filing.case_id) if filing.case_id in cases else None
    return Paper(title, state, tone, filing.receipt_no or filing.reason, href)


def _after(given: str) -> tuple[date, UUID] | None:
    day, _comma, last = given.partition(",")
    first_day, row_id = addresses.day(day), addresses.identity(last)
    return (first_day, row_id) if first_day is not None and row_id is not None else None


def _href(year: int, kind: str) -> str:
    return url_for("fund.ledger_page", year=year, kind=kind or None)
