"""Column types that behave alike on SQLite and PostgreSQL, ids, and canonical JSON."""

import secrets as randomness
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any  # Any: JSON values and the bind values of SQLAlchemy are untyped
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, DateTime, Numeric, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from store import secrets
from store.errors import NaiveMomentError

JsonObject = dict[str, Any]  # Any: whatever JSON can hold
JsonList = list[Any]  # Any: whatever JSON can hold

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for "no date", where a column is part of an index and must not be null."""


def new_id(now: datetime | None = None) -> UUID:
    """Return a UUIDv7: it sorts by the millisecond in which it was made.

    No rule reads the time in an id, so the wall clock serves where none is handed in.
    """
    milliseconds = time.time_ns() // 1_000_000 if now is None else int(now.timestamp() * 1000)
    tail = randomness.randbits(74)
    head = (milliseconds << 80) | (0x7 << 76) | ((tail >> 62) << 64)
    return UUID(int=head | (0b10 << 62) | (tail & ((1 << 62) - 1)))


def canonical(value: object) -> bytes:
    """Return the one JSON form of a value: sorted keys, no blanks, decimals and dates as text."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value, key=str)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; on SQLite as text of fixed width, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # Any: either column type
        """Return the column type of this database."""
        plain: TypeEngine[Any] = DateTime(timezone=True)  # Any: either column type
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else plain)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a naive moment and turn the rest into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveMomentError(f"naive moment {value.isoformat()}")
        moment = value.astimezone(UTC)
        # isoformat and fromisoformat take a quarter of the time of strftime and strptime
        return f"{moment.isoformat(timespec='microseconds')[:26]}Z" if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # signature of SQLAlchemy
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC)


class Fixed(TypeDecorator[Decimal]):
    """A decimal with a fixed number of digits; on SQLite an integer of its last digit's unit.

    Sums and comparisons are exact on both databases. Multiply in Python, not in SQL.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int) -> None:
        """Keep this many digits after the point."""
        super().__init__()
        self.digits = digits

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # Any: either column type
        """Return the column type of this database."""
        numeric: TypeEngine[Any] = Numeric(14 + self.digits, self.digits)  # Any: either column type
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else numeric)

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        """Refuse floats and digits that would be lost."""
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError(f"{value!r} is a float; amounts are Decimal")
        exact = Decimal(value)
        scaled = exact.scaleb(self.digits)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.digits} digits after the point")
        return int(scaled) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        """Give back a decimal with all its digits."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.digits)
        return Decimal(value)


class Money(Fixed):
    """An amount of yuan with two digits."""

    cache_ok = True

    def __init__(self) -> None:
        """Keep fen."""
        super().__init__(2)


class Json(TypeDecorator[Any]):  # Any: whatever JSON can hold
    """A JSON value in its canonical form, as text. Replace it whole: changes inside go unnoticed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002  # signature of SQLAlchemy
        """Write the canonical form."""
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002, ANN401  # JSON is untyped
        """Read it back."""
        return None if value is None else orjson.loads(value)


class Enc(TypeDecorator[str]):
    """Personal text, encrypted with the newest field key and bound to its column."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        """Bind values to this column, written `table.column`."""
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # signature of SQLAlchemy
        """Encrypt."""
        return None if value is None else secrets.encrypt(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # signature of SQLAlchemy
        """Decrypt."""
        return None if value is None else secrets.decrypt(value, self.column)


def day_of(value: str | date) -> date:
    """Return a date that JSON carries as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
