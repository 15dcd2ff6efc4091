"""What the product goes by, to be read: parameters with their ground, the calendar, the word lists."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast  # Any: a parameter's value has the shape that its unit says
from uuid import UUID

from flask import request, url_for
from msgspec import Struct

from rules import vocabulary
from rules.articles import chinese_name
from rules.parameters import Parameter, rows
from store.pages.calendar import CalendarYear, ProvisionalPage, calendar_years, provisional_deadlines
from webapp import addresses
from webapp.admin.frame import blueprint, chosen, show, words
from webapp.admin.paging import pack, unpack
from webapp.dates import this_day
from webapp.identity import actor, the_runtime
from webapp.texts import _

TRIGGERS = frozenset({"claim_count_over", "loss_ratio_over", "fund_balance_warning"})
"""Parameters that set something off; their own names say on which side."""


class ParameterLine(Struct, frozen=True):
    """A dated row as the page says it."""

    title: str
    value: str
    direction: str
    profile: str
    first_day: date
    last_day: date | None
    source: str
    article: str
    confirmed: bool
    note: str
    in_force: bool


class CalendarPage(Struct, frozen=True):
    """The calendar as it is shown."""

    years: tuple[CalendarYear, ...]
    provisional: ProvisionalPage
    later: str | None
    is_first: bool


@blueprint.get("/parameters")
def parameters() -> str:
    """List every number of the standard, with its profile, first day, source and article."""
    profile, query = chosen("profile", dict(vocabulary.choices("rule_profile"))), words("q")
    lines = [
        line
        for row in rows()
        if (not profile or row.profile == profile)
        and query in (line := _line(row)).title + line.source + line.article
    ]
    return show(
        "parameters",
        "admin.parameters",
        lines=lines,
        profile=profile,
        query=query,
        profiles=dict(vocabulary.choices("rule_profile")),
    )


@blueprint.get("/calendar", endpoint="calendar")
def calendar_page() -> str:
    """Show which years are published, and which deadlines reach beyond them."""
    after = cast(
        "tuple[date, UUID] | None", unpack(request.args.get("after", ""), addresses.day, addresses.identity)
    )
    with the_runtime().database.read(actor().scope) as session:
        years = calendar_years(session)
        found = provisional_deadlines(session, after=after)
    later = url_for("admin.calendar", after=pack(found.next)) if found.next else None
    kinds = dict(vocabulary.choices("deadline_kind"))
    page = CalendarPage(years, found, later, after is None)
    return show("calendar", "admin.calendar", page=page, kinds=kinds)


@blueprint.get("/dictionaries")
def dictionaries() -> str:
    """List the words that pages, forms, papers and sheets choose from."""
    query = words("q")
    lists = [
        found
        for found in vocabulary.enumerations().values()
        if not _are_sentences(found)
        and (not query or query in found.title or any(query in word for word in found.words.values()))
    ]
    return show("dictionaries", "admin.dictionaries", lists=lists, query=query)


def _are_sentences(found: vocabulary.Enumeration) -> bool:
    """Tell whether a list holds sentences with gaps for values, which nobody chooses from."""
    return any("{" in word for word in found.words.values())


def _line(row: Parameter[Any]) -> ParameterLine:  # Any: as above
    today = this_day()
    return ParameterLine(
        title=vocabulary.label("parameter_name", row.name),
        value=value_in_words(row),
        direction=_direction(row),
        profile=vocabulary.label("rule_profile", row.profile),
        first_day=row.first_day,
        last_day=row.last_day,
        source=row.source.replace("AQ ", "AQ"),
        article=chinese_name(row.article) if row.article.isdigit() else row.article,
        confirmed=row.confirmed,
        note=row.note,
        in_force=row.first_day <= today and (row.last_day is None or today <= row.last_day),
    )


def _direction(row: Parameter[Any]) -> str:  # Any: as above
    """Return which way a value binds; nothing for what is just so, or what sets something off."""
    if row.direction == "exact" or row.name in TRIGGERS:
        return ""
    if row.unit in {"month_days", "day_of_next_month"}:
        return _("不晚于") if row.direction == "ceiling" else _("不早于")
    return vocabulary.label("parameter_direction", row.direction)


def value_in_words(row: Parameter[Any]) -> str:  # Any: as above
    """Return a value with its unit: 35 %, 10 个工作日, 3 万元起 2 次."""
    unit = vocabulary.label("parameter_unit", row.unit)
    match row.unit:
        case "share":
            return f"{(row.value * 100).normalize():f} %"
        case "bands":
            return "；".join(_bands(row.value))
        case "words":
            known = dict(vocabulary.choices("high_risk_kind")) | dict(
                vocabulary.choices("high_risk_kind_national")
            )
            return "、".join(known.get(word, word) for word in row.value)
        case "month_days":
            return "、".join(row.value)
        case "day_of_next_month":
            return _("次月 %(n)s 日", n=row.value)
        case _:
            values = row.value if isinstance(row.value, list) else [row.value]
            return f"{'、'.join(map(str, values))} {unit}"


def _bands(bands: list[dict[str, int]]) -> Iterator[str]:
    for band in bands:
        yield _("%(at)s 元起 %(n)s 次", at=f"{band['at_least']:,}", n=band["visits"])
