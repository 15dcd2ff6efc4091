"""What a report is, and which there are: every module beside this one that says `REPORT`."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import ModuleInfo, iter_modules

from msgspec import Struct
from sqlalchemy.orm import Session

import store.reports
from rules.reporting import Period


class Column(Struct, frozen=True):
    """A column: its title, the field of the row that it shows, and whether that is a share in percent."""

    title: str
    field: str
    is_percent: bool = False


class Report(Struct, frozen=True):
    """A report. `about` says in one sentence what is counted and over what; it stands above the table."""

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Session, Period], Sequence[object]]


@cache
def catalogue() -> Mapping[str, Report]:
    """Return every report by the name of its module, in the order of the names."""
    modules = {found.name: import_module(f"store.reports.{found.name}") for found in _modules()}
    return {name: module.REPORT for name, module in modules.items() if hasattr(module, "REPORT")}


def _modules() -> list[ModuleInfo]:
    return sorted(iter_modules(store.reports.__path__), key=lambda found: found.name)
