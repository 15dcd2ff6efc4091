"""What an expression finds in a case or in a process: names with their kinds, and values that may be shown."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

import feel
from feel.inference import type_of
from forms.model import Field, Kind, walk
from store.masking import masked_numbers
from store.pages.trial import KeptCase
from workflows import engine
from workflows.engine import Spec
from workflows.releases import form_digest, form_of, spec_of

ANSWERS = "answers."
LOCAL = frozenset({"answers", "payload", "result", "?"})
"""Names that are there only while a step is handed in, a message comes or an operation has answered."""

KINDS = {
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.MOMENT: "date and time",
    Kind.TICK: "boolean",
    Kind.CHOICES: "list",
    Kind.FILES: "list",
    Kind.POSITION: "context",
}
KINDS_OF_VALUES = frozenset({"string", "number", "boolean", "date", "date and time", "list", "context"})
CHOICE_KINDS = {"text": "string", "boolean": "boolean", "number": "number"}
DEPTH = 2


class Variable(Struct, frozen=True):
    """A name that an expression may use.

    `kind` is a Chinese word, empty where it is not known; `value` a literal, None where there is none;
    `origin` names the steps of the diagram that set it.
    """

    name: str
    kind: str
    value: str | None = None
    origin: tuple[str, ...] = ()


class Shown(Struct, frozen=True):
    """The variables of a case as they may be shown; `masked` if numbers in them are hidden, `left_out` by name."""

    variables: Mapping[str, object]
    masked: bool
    left_out: tuple[str, ...]


def variables_of(session: Session, case: KeptCase) -> Shown:
    """Return the variables of a case, with the phone and identity numbers in them hidden.

    A number that reads like one of these would become something else if it were hidden: it is left out.
    """
    known = case.variables
    if case.state is not None:
        known = dict(engine.known(spec_of(session, case.release_id), case.state))
    kept = {name: value for name, value in known.items() if not _is_personal(value)}
    hidden = {masked_numbers(name): _masked(value) for name, value in kept.items()}
    return Shown(hidden, hidden != kept, tuple(masked_numbers(name) for name in known if name not in kept))


def listed(variables: Mapping[str, object]) -> tuple[Variable, ...]:
    """Return variables by name, with their kinds and literals, and those inside their contexts behind them."""
    return tuple(_listed(variables, "", DEPTH))


def names_of_process(session: Session, release_id: UUID) -> tuple[Variable, ...]:
    """Return the names that the expressions of a process may use, each with the steps that set it."""
    spec = spec_of(session, release_id)
    origins: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for node in spec.nodes.values():
        for name, text in node.get("outputs", ()):
            origins.setdefault(name, []).append(node["name"])
            kinds[name] = kinds.get(name) or _kind_of_output(session, release_id, node.get("form"), text)
    for name in _read_names(spec, origins):
        origins.setdefault(name, [])
    return tuple(
        Variable(name, feel.kind_name(kinds.get(name, "")), None, tuple(dict.fromkeys(origins[name])))
        for name in sorted(origins)
    )


def _read_names(spec: Spec, declared: Iterable[str]) -> set[str]:
    """Return the names that a diagram's expressions read; what is no expression was never published."""
    spaced = [name for name in declared if " " in name]
    read: set[str] = set()
    for site in spec.sites:
        try:
            read |= feel.references(site.text, spaced).names
        except feel.FeelSyntaxError:  # a cycle of a timer is written in another language
            continue
    return read - LOCAL


def _kind_of_output(session: Session, release_id: UUID, form: str | None, text: str | None) -> str:
    if text is None or form is None or not text.startswith(ANSWERS):
        return _kind_of_text(text)
    components = form_of(session, form_digest(session, release_id, form)).components
    key = text.removeprefix(ANSWERS)
    fields = (part for part in walk(components) if isinstance(part, Field) and part.key == key)
    return next((KINDS.get(field.kind) or CHOICE_KINDS[field.answer] for field in fields), "")


def _kind_of_text(text: str | None) -> str:
    """Return the kind of whatever an expression gives, empty where that depends on what it is told."""
    kind = type_of(feel.parse(text), {}) if text is not None else None
    return kind.kind if kind is not None and kind.kind in KINDS_OF_VALUES else ""


def _listed(variables: Mapping[str, object], before: str, depth: int) -> Iterator[Variable]:
    for name in sorted(variables):
        value = variables[name]
        yield Variable(before + name, *_told(value))
        if isinstance(value, Mapping) and depth:
            yield from _listed(value, f"{before}{name}.", depth - 1)


def _told(value: object) -> tuple[str, str]:
    """Return the kind and the literal of a value; of one that no expression may hold, the bound."""
    try:
        return feel.kind_name(feel.kind_of(value)), feel.format_value(value)
    except feel.FeelLimitError as error:
        return "", str(error)


def _masked(value: object) -> object:
    if isinstance(value, str):
        return masked_numbers(value)
    if isinstance(value, Mapping):
        return {masked_numbers(str(key)): _masked(part) for key, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, list) else value


def _is_personal(value: object) -> bool:
    """Tell whether there is a number in a value, not a text, that reads like a phone or identity number."""
    if isinstance(value, Mapping):
        return any(map(_is_personal, value.values()))
    if isinstance(value, list):
        return any(map(_is_personal, value))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    written = feel.format_value(value)
    return masked_numbers(written) != written
