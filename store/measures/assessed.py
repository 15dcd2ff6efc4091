"""Figures that the system brings along for an assessment: one organization's work in one period (第二十四条)."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from rules.reporting import Period
from rules.roles import Party
from store.measures.catalogue import MEASURES
from store.measures.model import Measure, Window
from store.measures.sums import figures
from store.measures.wording import told

_NAMES = (
    *("visits_done", "completion_rate", "coverage_rate", "on_schedule_rate", "return_visit_on_time"),
    *("archive_on_time", "hazards_found", "rectification_rate", "satisfaction_mean", "fund_spent"),
)
ASSESSED: Mapping[str, Measure] = MappingProxyType({name: MEASURES[name] for name in _NAMES})
"""The measures that an indicator may name."""


def measures_of(session: Session, org_id: UUID, kind: str, period: Period) -> dict[str, str]:
    """Return the figures that there are, in words, by their names (第二十四条); the session must see all of them."""
    days = (period.first_day, period.last_day)
    is_insurer = kind == Party.INSURER
    window = Window(*days, insurer_id=org_id) if is_insurer else Window(*days, org_id=org_id)
    found = figures(session, [(measure, window) for measure in ASSESSED.values()])
    words: dict[str, str] = {}
    for name, measure in ASSESSED.items():
        figure = found[name, window].get(())
        value = figure.value(measure.unit) if figure is not None else measure.nothing
        if value is not None:
            words[name] = told(value, measure.word)
    return words


def measure_named(text: str) -> str | None:
    """Return the code that a form has sent or the title of a sheet means, None for neither."""
    return next((name for name, measure in ASSESSED.items() if text in {name, measure.title}), None)


def title_of(name: str) -> str:
    """Return what such a figure is called; a name of another day speaks for itself."""
    return ASSESSED[name].title if name in ASSESSED else name


def about_of(name: str) -> str:
    """Return how such a figure is counted."""
    return ASSESSED[name].about if name in ASSESSED else ""
