"""Read one posted value into an answer, or say in Chinese what to change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import re2
from msgspec import Struct

from forms.context import Choice, FileFacts
from forms.model import Field, Kind
from forms.moments import AddWorkingDays, read_date, read_moment, read_time

LONGEST = {Kind.TEXT: 500, Kind.LONG_TEXT: 10_000}
TICKED = {"true", "on", "y", "yes", "1"}
_NUMBER = re.compile(r"[+-]?\d{1,16}(\.\d{0,10})?|[+-]?\d{1,3}(,\d{3}){1,5}(\.\d{0,10})?")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+"
_PHONE = r"\+?[0-9][0-9 \-]{5,18}[0-9]"


class AnswerError(Exception):
    """The value cannot be an answer; the message is the sentence at the field."""


class Reading(Struct, frozen=True):
    """What reading needs beside the value: today, working days, choices and files."""

    today: date
    add_working_days: AddWorkingDays
    choices: Callable[[Field], Sequence[Choice]]
    files: Callable[[str], FileFacts | None]


def read(field: Field, raw: object, reading: Reading) -> object:
    """Return the answer that `raw` means; None when nothing was entered ([] for lists, False for a tick).

    Raises:
        AnswerError: when something was entered that cannot be taken.
    """
    return _READERS[field.kind](field, raw, reading)


def _plain(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str | int | float | Decimal):
        return str(raw)
    if isinstance(raw, date | datetime | time):
        return raw.isoformat()
    raise AnswerError("这里只能填一个值，请重新填写")


def _text(field: Field, raw: object, _reading: Reading) -> str | None:
    text = _plain(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return None
    if _UNSEEN.search(text):
        raise AnswerError(f"“{field.label}”里有看不见的字符，请删去后重新输入")
    limits = field.limits
    longest = limits.max_length or LONGEST.get(field.kind, 500)
    if len(text) > longest:
        raise AnswerError(f"“{field.label}”最多 {longest} 个字，现在有 {len(text)} 个，请删短")
    if limits.min_length and len(text) < limits.min_length:
        raise AnswerError(f"“{field.label}”至少写 {limits.min_length} 个字，现在有 {len(text)} 个")
    _match(field, text)
    return text


def _match(field: Field, text: str) -> None:
    limits = field.limits
    if limits.pattern and not _full_match(limits.pattern, text):
        raise AnswerError(limits.pattern_message or f"“{field.label}”要符合规则 {limits.pattern}，请改写")
    if limits.email_or_phone == "email" and not _full_match(_EMAIL, text):
        raise AnswerError(f"“{field.label}”要像 name@example.cn，请改写")
    if limits.email_or_phone == "phone" and not _full_match(_PHONE, text):
        raise AnswerError(f"“{field.label}”只用数字、空格和短横线，7 到 20 位，请改写")


def _full_match(pattern: str, text: str) -> bool:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options).fullmatch(text) is not None


def _number(field: Field, raw: object, _reading: Reading) -> Decimal | None:
    text = unicodedata.normalize("NFKC", _plain(raw)).strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise AnswerError(f"“{field.label}”要填数字，如 {_example(field)}")
    number = Decimal(text.replace(",", ""))
    limits = field.limits
    if -_exponent(number) > limits.digits:
        allowed = f"最多 {limits.digits} 位小数" if limits.digits else "要是整数"
        raise AnswerError(f"“{field.label}”{allowed}，请改写")
    low, high = limits.minimum, limits.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise AnswerError(f"“{field.label}”{_range(low, high)}，请改写")
    return number


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _example(field: Field) -> str:
    return "68400.00" if field.limits.digits else "3"


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        return f"不能大于 {high:,f}" if low is None else f"不能小于 {low:,f}"
    return f"要在 {low:,f} 到 {high:,f} 之间"


def _date(field: Field, raw: object, reading: Reading) -> date | None:
    text = _plain(raw).strip()
    if not text:
        return None
    found = read_date(text, reading.today, reading.add_working_days)
    if found is None:
        raise AnswerError(f"“{field.label}”要写成日期，如 {reading.today} 或 今天")
    return found


def _time(field: Field, raw: object, _reading: Reading) -> time | None:
    text = _plain(raw).strip()
    found = read_time(text) if text else None
    if text and found is None:
        raise AnswerError(f"“{field.label}”要写成时间，如 09:41")
    return found


def _moment(field: Field, raw: object, reading: Reading) -> datetime | None:
    text = _plain(raw).strip()
    if not text:
        return None
    found = read_moment(text, reading.today, reading.add_working_days)
    if found is None:
        raise AnswerError(f"“{field.label}”要写成日期和时间，如 {reading.today} 09:41")
    return found


def _choice(field: Field, raw: object, reading: Reading) -> object:
    code = _plain(raw).strip()
    if not code:
        return None
    offered = any(choice.value == code for choice in reading.choices(field))
    if not offered or (field.answer == "number" and not _NUMBER.fullmatch(code)):
        raise AnswerError(f"“{field.label}”里没有刚才选的这一项，请重新选")
    if field.answer == "boolean":
        return code == "true"
    return Decimal(code) if field.answer == "number" else code


def _choices(field: Field, raw: object, reading: Reading) -> list[str]:
    sent = _list(raw)
    order = [choice.value for choice in reading.choices(field)]
    if not set(sent) <= set(order):
        raise AnswerError(f"“{field.label}”里没有刚才选的某一项，请重新选")
    return [code for code in order if code in sent]


def _list(raw: object) -> list[str]:
    if raw is None or raw == "":
        return []
    return [_plain(entry) for entry in raw] if isinstance(raw, list | tuple) else [_plain(raw)]


def _tick(_field: Field, raw: object, _reading: Reading) -> bool:
    return _plain(raw).strip().lower() in TICKED


def _files(field: Field, raw: object, reading: Reading) -> list[str]:
    ids = list(dict.fromkeys(entry for entry in _list(raw) if entry))
    for id_ in ids:
        _check_file(field, id_, reading)
    limits = field.limits
    if len(ids) > limits.max_files:
        raise AnswerError(f"“{field.label}”最多 {limits.max_files} 个，现在有 {len(ids)} 个，请删去多的")
    if ids and len(ids) < limits.min_files:
        raise AnswerError(too_few_files(field, len(ids)))
    return ids


def too_few_files(field: Field, count: int) -> str:
    """Return the sentence for a field that wants more files."""
    unit = "张" if field.widget == "photo" else "个文件"
    have = f"，现在有 {count} {unit}" if count else ""
    return f"“{field.label}”至少要 {max(1, field.limits.min_files)} {unit}{have}"


def _signature(field: Field, raw: object, reading: Reading) -> str | None:
    ids = [entry for entry in _list(raw) if entry]
    if not ids:
        return None
    _check_file(field, ids[-1], reading)
    return ids[-1]


def _check_file(field: Field, id_: str, reading: Reading) -> None:
    facts = reading.files(id_)
    if facts is None:
        raise AnswerError(f"“{field.label}”有一个文件没有传上来，请再传一次")
    images = field.kind is Kind.SIGNATURE or field.widget == "photo"
    if images and not facts.media_type.startswith("image/"):
        raise AnswerError(f"“{field.label}”只收照片，请把“{facts.name}”换成 JPG 或 PNG")


def _position(field: Field, raw: object, _reading: Reading) -> dict[str, Decimal] | None:
    names = ("latitude", "longitude", "accuracy")
    if isinstance(raw, dict):
        parts = [_plain(raw.get(name)) for name in names]
    else:
        parts = _plain(raw).split(",") if _plain(raw).strip() else ["", "", ""]
    parts = [part.strip() for part in parts]
    if not any(parts):
        return None
    if len(parts) != len(names) or not all(re.fullmatch(r"-?\d{1,7}(\.\d{1,20})?", part) for part in parts):
        raise AnswerError(f"“{field.label}”没有读到，请再取一次位置")
    latitude, longitude, accuracy = (Decimal(part) for part in parts)
    if abs(latitude) > 90 or abs(longitude) > 180 or accuracy < 0:
        raise AnswerError(f"“{field.label}”没有读到，请再取一次位置")
    return {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}


def _nothing(_field: Field, _raw: object, _reading: Reading) -> None:
    return None


_READERS: dict[Kind, Callable[[Field, object, Reading], object]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.TICK: _tick,
    Kind.FILES: _files,
    Kind.SIGNATURE: _signature,
    Kind.POSITION: _position,
    Kind.EXPRESSION: _nothing,
}
