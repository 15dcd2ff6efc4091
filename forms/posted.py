"""Turn what a browser posts (`hazards-0-place=…`) into the nested shape that an API client sends anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from forms.model import Component, Field, Form, Group, Kind, Rows, inline

MANY = {Kind.CHOICES, Kind.FILES}


@runtime_checkable
class ManyValues(Protocol):
    """A posted form: one name may come several times (werkzeug's MultiDict)."""

    def getlist(self, key: str) -> list[str]:
        """Return every value of `key`, in order."""
        ...

    def keys(self) -> Sequence[str]:
        """Return the names."""
        ...


Posted = Mapping[str, object] | ManyValues


def nest(form: Form, posted: Posted) -> dict[str, object]:
    """Return the posted values as nested dictionaries and lists; what is nested already stays as it is."""
    if isinstance(posted, ManyValues):
        return _level(form.components, _by_first_part(posted), "", posted)
    return dict(posted)


def html_name(path: str) -> str:
    """Return the name of a control for the path of an answer: `hazards.0.place` → `hazards-0-place`."""
    return path.replace(".", "-")


def _by_first_part(posted: ManyValues) -> dict[str, list[int]]:
    """Return the row numbers that were posted per list name, in the order of the page."""
    rows: dict[str, set[int]] = {}
    for name in posted.keys():  # noqa: SIM118 — a MultiDict's iteration is not part of the protocol
        parts = name.split("-")
        for position in range(1, len(parts)):
            if parts[position].isascii() and parts[position].isdigit() and len(parts[position]) <= 4:
                rows.setdefault("-".join(parts[:position]), set()).add(int(parts[position]))
    return {name: sorted(numbers) for name, numbers in rows.items()}


def _level(
    components: tuple[Component, ...], rows: Mapping[str, list[int]], prefix: str, posted: ManyValues
) -> dict[str, object]:
    values: dict[str, object] = {}
    for component in inline(components):
        match component:
            case Field() if component.key:
                values[component.key] = value_of(component, posted.getlist(prefix + component.key))
            case Group(path=str() as path):
                values[path] = _level(component.components, rows, f"{prefix}{path}-", posted)
            case Rows(path=path):
                name = prefix + path
                values[path] = [
                    _level(component.components, rows, f"{name}-{number}-", posted)
                    for number in rows.get(name, [])
                ]
            case _:
                pass
    return values


def value_of(field: Field, sent: list[str]) -> object:
    """Return what a control sent: every value of a list, else the last."""
    if field.kind in MANY:
        return [value for value in sent if value]
    return sent[-1] if sent else None
