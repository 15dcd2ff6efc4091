"""What a form is once it has been parsed: frozen components, nothing of JSON left."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

MAX_ROWS = 500


class Kind(StrEnum):
    """What a field asks for; one kind covers all form-js types with the same answer."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    TICK = "tick"
    FILES = "files"
    SIGNATURE = "signature"
    POSITION = "position"
    EXPRESSION = "expression"


class Option(Struct, frozen=True):
    """One choice that the form itself lists."""

    value: str
    label: str


class Limits(Struct, frozen=True):
    """The bounds of an answer; None where the form sets none."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: str | None = None
    email_or_phone: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int = 0
    min_files: int = 0
    max_files: int = 1


class Field(Struct, frozen=True):
    """One question. Texts that begin with an expression hold it without the leading `=`."""

    id: str
    key: str
    kind: Kind
    label: str
    hint: str = ""
    widget: str = ""
    required: bool = False
    required_when: str | None = None
    hide: str | None = None
    readonly: bool = False
    default: str | None = None
    options: tuple[Option, ...] = ()
    source: str | None = None
    source_expression: str | None = None
    answer: str = "text"  # of a choice: text, boolean or number
    expression: str | None = None
    unit: str = ""
    accept: str = ""
    half: bool = False
    limits: Limits = Limits()

    @property
    def stored(self) -> bool:
        """Tell whether the field has an answer; a shown fact has none."""
        return self.widget != "fact"


class Static(Struct, frozen=True):
    """Text, cleaned HTML, a rule or a read-only table between the questions."""

    id: str
    kind: str  # text, html, image, separator, spacer, table
    content: str = ""
    hide: str | None = None
    columns: tuple[Option, ...] = ()


class Group(Struct, frozen=True):
    """A section; with a path its answers form a context of their own."""

    id: str
    label: str
    components: tuple[Component, ...]
    hint: str = ""
    path: str | None = None
    hide: str | None = None
    widget: str = ""


class Rows(Struct, frozen=True):
    """A list of equal rows: free ones, or one per choice of `source`."""

    id: str
    path: str
    label: str
    components: tuple[Component, ...]
    hint: str = ""
    hide: str | None = None
    widget: str = ""
    source: str | None = None
    min_rows: int = 0
    max_rows: int = MAX_ROWS
    item_label: str = "行"
    add_label: str = "加一行"
    opens: str | None = None  # the list in which a row of this one becomes a row


Component = Field | Static | Group | Rows


class Check(Struct, frozen=True):
    """A rule across fields: when `when` is true, `message` stands at `field`.

    With `each` the rule is asked once per row of that list; `this` is the row and `field` lies inside it.
    """

    when: str
    field: str
    message: str
    each: str | None = None


class Form(Struct, frozen=True):
    """One step's questions."""

    key: str
    title: str
    submit: str
    components: tuple[Component, ...]
    after: str = ""
    irreversible: bool = False
    checks: tuple[Check, ...] = ()


class Finding(Struct, frozen=True):
    """Why a form is refused: where, which rule, and what to do in Chinese."""

    path: str
    rule: str
    message: str


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Yield each component in the order of the page, containers before what they hold."""
    for component in components:
        yield component
        if isinstance(component, Group | Rows):
            yield from walk(component.components)


def inline(components: tuple[Component, ...]) -> Iterator[Component]:
    """Yield what shares one level of answers: groups without a path are opened, others are not."""
    for component in components:
        yield component
        if isinstance(component, Group) and component.path is None:
            yield from inline(component.components)
