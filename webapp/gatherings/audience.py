"""Trying a condition for an audience: how many units it means today, and which."""

from collections.abc import Sequence

from flask import url_for
from msgspec import Struct

from rules.vocabulary import choices
from store.pages.audience import InsuredUnit, insured_units
from webapp.dates import this_day
from webapp.gatherings.listing import UNINVITED
from webapp.linking import link_to
from webapp.texts import _, lazy
from workflows.audience import AudienceError, select_audience
from workflows.people import Actor
from workflows.runtime import Runtime

SHOWN = 100
WORDS = (
    ("high_risk_kind", lazy("行业"), "high_risk_kind"),
    ("risk_level", lazy("风险等级"), "risk_level"),
    ("risk_tags", lazy("风险标签，一家可以有几个"), "risk_tag"),
    ("district", lazy("区县"), ""),
    ("is_key", lazy("是不是重点单位"), ""),
    ("premium", lazy("在保保单的保费，元"), ""),
    ("invited_this_year", lazy("今年受邀过几次集中培训"), ""),
)
"""What a condition may ask of a unit, what it means, and the vocabulary of its values."""
EXAMPLES = (
    (lazy("今年还没受邀的"), UNINVITED),
    (lazy("建筑施工和交通运输"), 'high_risk_kind in ("建筑施工", "交通运输")'),
    (lazy("红色和橙色风险"), 'risk_level in ("红", "橙")'),
    (lazy("有粉尘涉爆或受限空间的"), 'some tag in risk_tags satisfies tag in ("粉尘涉爆", "受限空间")'),
    (lazy("所有投保单位"), "true"),
)


class Word(Struct, frozen=True):
    """Something that a condition may ask, with the values that it knows."""

    name: str
    meaning: str
    values: str


class Example(Struct, frozen=True):
    """A condition to begin with."""

    title: str
    rule: str
    href: str


class Trial(Struct, frozen=True):
    """The page: the condition as it was typed, and what comes of it."""

    rule: str
    problem: str
    insured: int
    count: int
    first_time: int
    units: tuple[tuple[InsuredUnit, str | None], ...]
    words: tuple[Word, ...]
    examples: tuple[Example, ...]


def load_trial(runtime: Runtime, rule: str, actor: Actor) -> Trial:
    """Return what a condition means today among the units that the person sees."""
    with runtime.database.read(actor.scope) as session:
        units = insured_units(session, actor.org_id, this_day()) if actor.org_id is not None else []
    found, problem = _selected(units, rule.strip(), runtime)
    return Trial(
        rule=rule,
        problem=problem,
        insured=len(units),
        count=len(found),
        first_time=sum(not unit.facts["invited_this_year"] for unit in found),
        units=tuple((unit, link_to("registers.show", unit_id=unit.id)) for unit in found[:SHOWN]),
        words=tuple(Word(name, str(meaning), _values(source)) for name, meaning, source in WORDS),
        examples=tuple(
            Example(str(title), text, url_for("gatherings.audience", rule=text)) for title, text in EXAMPLES
        ),
    )


def _selected(units: Sequence[InsuredUnit], rule: str, runtime: Runtime) -> tuple[list[InsuredUnit], str]:
    if not rule:
        return [], ""
    try:
        return select_audience(units, rule, runtime.now()), ""
    except AudienceError as error:
        return [], error.problem


def _values(source: str) -> str:
    return _("、").join(word for _code, word in choices(source)) if source else ""
