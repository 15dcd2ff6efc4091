"""Turn typed content into what a template reads: JSON, small pictures, no unprintable character."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import asdict

from documents.fonts.coverage import FontSet
from documents.pictures import printable_picture

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
GETA = "〓"
"""Stands for a character that no face has, followed by the number of its note."""

_DROPPED = frozenset({"Cc", "Cf", "Cs"})
_CIRCLED_ONE = 0x2460
_CIRCLED = 20


class Filling(Struct):
    """Collects files and missing characters while content is turned into JSON."""

    fonts: FontSet
    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def json(self, content: object) -> str:
        """Return ``content`` as JSON text for ``sys.inputs``."""
        return json.dumps(self.plain(content), ensure_ascii=False)

    def plain(self, value: object) -> object:
        """Return ``value`` made of strings, whole numbers, booleans, lists and dictionaries."""
        match value:
            case None | bool() | int():
                return value
            case str():
                return self.text(value)
            case bytes():
                return self._picture(value)
            case Decimal() | date():
                return _written(value)
            case _:
                return self._collection(value)

    def text(self, text: str) -> str:
        """Return ``text`` with each unprintable character as 〓 and the number of its note."""
        return "".join(map(self._character, unicodedata.normalize("NFC", text.replace("\r\n", "\n"))))

    def _collection(self, value: object) -> object:
        if isinstance(value, Struct):
            return {name: self.plain(part) for name, part in asdict(value).items()}
        if isinstance(value, Mapping):
            return {str(key): self.plain(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(entry) for entry in value]
        raise TypeError(f"a paper cannot print {type(value).__name__}")

    def _picture(self, image: bytes) -> str | None:
        printable = printable_picture(image)
        if printable is None:
            return None
        name = f"/pictures/{len(self.files) + 1}.{printable.suffix}"
        self.files[name.removeprefix("/")] = printable.content
        return name

    def _character(self, character: str) -> str:
        if character == "\n" or ord(character) in self.fonts.characters:
            return character
        category = unicodedata.category(character)
        if category == "Zs" or character == "\t":
            return " "
        if category in _DROPPED:
            return ""
        if character not in self.missing:
            self.missing.append(character)
        return GETA + note_mark(self.missing.index(character))


def _written(value: Decimal | date) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return chinese_moment(value) if isinstance(value, datetime) else chinese_date(value)


def note_mark(index: int) -> str:
    """Return ① for 0, ② for 1 …, 〔21〕 for 20."""
    return chr(_CIRCLED_ONE + index) if index < _CIRCLED else f"〔{index + 1}〕"


def code_point(character: str) -> str:
    """Return the code point as it is quoted: U+20BB7."""
    return f"U+{ord(character):04X}"


def chinese_date(day: date) -> str:
    """Return 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(moment: datetime) -> str:
    """Return 2026年11月23日 14:05 as the clocks in Beijing show it; a naive moment is refused."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment on paper needs its zone: {moment}")
    local = moment.astimezone(BEIJING)
    return f"{chinese_date(local)} {local:%H:%M}"
