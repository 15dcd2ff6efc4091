"""The lists of the registers: search, filters, one page after the other."""

from collections.abc import Callable, Mapping
from typing import Any  # Any: url_for takes what the converters of a route take

from flask import render_template, request, url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from documents.sheets import REGISTERS
from rules.codes import regions
from rules.vocabulary import choices
from store.pages.other_lists import claim_list, person_list, year_fact_list
from store.pages.policy_list import policy_list
from store.pages.register_lists import Asked, Cursor, ListPage
from store.pages.unit_list import unit_list
from webapp import addresses
from webapp.dates import this_day
from webapp.identity import actor, the_runtime
from webapp.registers.area import SECTION_OF, blueprint, importable
from webapp.texts import Lazy, lazy

Option = tuple[str, str]
_IN_FORCE: tuple[tuple[str, Lazy], ...] = (
    ("short", lazy("还有次数没排")),
    ("not_begun", lazy("次数还没核定")),
)
UNIT_STATES = (*_IN_FORCE, ("no_policy", lazy("没有在保保单")), ("refused", lazy("拒绝服务")))
POLICY_STATES = (
    ("active", lazy("有效")),
    ("pending", lazy("待生效")),
    ("expired", lazy("已到期")),
    ("surrendered", lazy("已退保")),
    *_IN_FORCE,
)
YEAR_STATES = (("accident", lazy("发生过事故")), ("listed", lazy("列入失信惩戒")))
PEOPLE_STATES = (("expert", lazy("只看专家")),)
HINTS = {
    "policyholders": lazy("单位名称、信用代码或保单号"),
    "policies": lazy("保单号或单位名称"),
    "claims": lazy("赔案号、保单号或单位名称"),
    "year_facts": lazy("单位名称或信用代码"),
    "people": lazy("姓名、登录名或所属机构"),
}


class ListView(Struct, frozen=True):
    """A list as its page shows it; empty `regions` or `kinds` = no such filter."""

    register: str
    title: str
    hint: str
    asked: Asked
    regions: tuple[Option, ...]
    kinds: tuple[Option, ...]
    states: tuple[Option, ...]
    new_href: str | None
    first_href: str | None
    next_href: str | None
    sheet_href: str


class Listing(Struct, frozen=True):
    """How a register is listed: its page of rows, what may be chosen, whether pages begin after a day."""

    fetch: Callable[[Session, Asked], ListPage[Any]]
    states: tuple[tuple[str, object], ...]
    by_day: bool = False


LISTINGS: Mapping[str, Listing] = {
    "policyholders": Listing(lambda session, asked: unit_list(session, asked, this_day()), UNIT_STATES),
    "policies": Listing(
        lambda session, asked: policy_list(session, asked, this_day()), POLICY_STATES, by_day=True
    ),
    "claims": Listing(claim_list, choices("claim_state")),
    "year_facts": Listing(year_fact_list, YEAR_STATES),
    "people": Listing(lambda session, asked: person_list(session, asked, actor().org_id), PEOPLE_STATES),
}


@blueprint.get("/units/")
def units() -> str:
    """List units."""
    return _show("policyholders")


@blueprint.get("/policies/")
def policies() -> str:
    """List policies."""
    return _show("policies")


@blueprint.get("/claims/")
def claims() -> str:
    """List claims."""
    return _show("claims")


@blueprint.get("/year-facts/")
def year_facts() -> str:
    """List years of units."""
    return _show("year_facts")


@blueprint.get("/people/")
def people() -> str:
    """List the people of the own office and the experts that it may send."""
    return _show("people")


def asked_of(register: str) -> Asked:
    """Return what the address asks of a register; what nobody offers is not asked for."""
    listing = LISTINGS[register]
    return _asked(listing.states, by_day=listing.by_day)


def _show(register: str) -> str:
    listing, asked = LISTINGS[register], asked_of(register)
    with the_runtime().database.read(actor().scope) as session:
        page = listing.fetch(session, asked)
    return _render(register, asked, page, listing.states)


def _asked(states: tuple[tuple[str, object], ...], *, by_day: bool) -> Asked:
    given: Mapping[str, str] = request.args
    region, kind, state = given.get("region", ""), given.get("kind", ""), given.get("state", "")
    return Asked(
        query=given.get("q", "").strip()[:100],
        region=region if region in regions() else "",
        kind=kind if kind in dict(choices("high_risk_kind")) else "",
        state=state if state in dict(states) else "",
        after=_cursor(given.get("after", ""), by_day=by_day),
    )


def _cursor(text: str, *, by_day: bool) -> Cursor | None:
    key, _comma, last = text.rpartition(",")
    row_id = addresses.identity(last)
    if row_id is None or (by_day and addresses.day(key) is None):
        return None
    return Cursor(key, row_id)


def _render(register: str, asked: Asked, page: ListPage[Any], states: tuple[tuple[str, object], ...]) -> str:
    """Return the page of a list; its rows have a template of their own."""
    has_place = register != "people"
    view = ListView(
        register=register,
        title=REGISTERS[register].title,
        hint=str(HINTS[register]),
        asked=asked,
        regions=_regions() if has_place else (),
        kinds=choices("high_risk_kind") if has_place else (),
        states=tuple((code, str(word)) for code, word in states),
        new_href=url_for("registers.new", section=SECTION_OF[register]) if register in importable() else None,
        first_href=_href(asked) if asked.after is not None else None,
        next_href=_href(asked, after=f"{page.next.key},{page.next.id}") if page.next else None,
        sheet_href=_href(asked, endpoint="registers.listed", section=SECTION_OF[register]),
    )
    return render_template(f"registers/list_{register}.html", list=view, rows=page.rows)


def _regions() -> tuple[Option, ...]:
    return tuple((code, region.name) for code, region in regions().items() if region.is_valid(None))


def _href(asked: Asked, *, endpoint: str = "", **more: Any) -> str:  # noqa: ANN401  # as url_for
    kept = {"q": asked.query, "region": asked.region, "kind": asked.kind, "state": asked.state}
    given: dict[str, Any] = {name: value for name, value in kept.items() if value}  # Any: as url_for
    return url_for(endpoint or request.endpoint or "registers.index", **given, **more)
