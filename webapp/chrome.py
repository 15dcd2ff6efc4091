"""What stands around every page: the rail, the counts on it, the bell, the theme."""

from flask import Flask, current_app, g, request
from msgspec import Struct

from rules.roles import ROLES
from rules.vocabulary import label
from store.pages.frame import counts_for
from webapp import access
from webapp.browsers import device_name
from webapp.identity import actor, signed_in_or_none, the_runtime
from webapp.sessions import SignedIn

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
DEMO = "WEIRAN_DEMO"


class RailItem(Struct, frozen=True):
    """An entry of the rail as this person sees it on this page."""

    title: str
    icon: str
    endpoint: str
    wide: bool
    is_current: bool
    count: int


class Frame(Struct, frozen=True):
    """The frame of a page for this person."""

    person: SignedIn
    role_titles: str
    rail: tuple[RailItem, ...]
    unread: int


def init_chrome(app: Flask, *, demo: bool) -> None:
    """Give every template `frame` and `theme`, and the filters `word` and `device_name`."""
    app.config[DEMO] = demo
    app.jinja_env.filters["word"] = word
    app.jinja_env.filters["device_name"] = device_name
    app.context_processor(_around_page)


def word(code: object, enumeration: str) -> str:
    """Return the Chinese word of a code; empty for none."""
    return label(enumeration, str(code)) if code else ""


def theme() -> str:
    """Return the appearance this browser asked for."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def _around_page() -> dict[str, object]:
    return {"frame": _frame(), "theme": theme(), "is_demo": current_app.config[DEMO]}


def _frame() -> Frame | None:
    if g.get("no_frame"):
        return None
    who = signed_in_or_none()
    if who is None or who.must_change_password:
        return None
    runtime = the_runtime()
    with runtime.database.read(actor().scope) as session:
        counts = counts_for(session, who.person_id, who.roles, who.org_id)
    return Frame(
        person=who,
        role_titles="、".join(ROLES[role].title for role in sorted(who.roles) if role in ROLES),
        rail=tuple(_rail(who.roles, counts.mine)),
        unread=counts.unread,
    )


def _rail(roles: frozenset[str], mine: int) -> list[RailItem]:
    here = (request.endpoint or "").partition(".")[0]
    seen = [
        area
        for area in access.RAIL
        if area.endpoint in current_app.view_functions and access.may_open(area.endpoint, roles)
    ]
    narrow = sorted(seen, key=lambda area: area.wide)[: access.BAR_PLACES]
    return [
        RailItem(
            title=area.title,
            icon=area.icon,
            endpoint=area.endpoint,
            wide=area not in narrow,
            is_current=here in {area.endpoint.partition(".")[0], *area.also},
            count=mine if area.endpoint == "inbox.index" else 0,
        )
        for area in seen
    ]
