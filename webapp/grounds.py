"""Where a number of a deadline comes from, in words: article, days, first day, source."""

from datetime import date

from rules.articles import chinese_name
from rules.parameters import rows
from webapp.dates import short_date
from webapp.texts import _


def ground_of(row_id: str, anchor: date, *, working_days: bool) -> str:
    """Return what a deadline rests on: the article and days of its row, counted from the anchor."""
    start = _("从 %(day)s 起算", day=short_date(anchor))
    row = next((row for row in rows() if row.row_id == row_id), None)
    if row is None:
        return start
    article = chinese_name(row.article) if row.article.isdigit() else ""
    if not isinstance(row.value, int):
        return _("%(article)s，%(start)s", article=article, start=start) if article else start
    if row.value == 0:
        return _("%(article)s，%(day)s 当日", article=article, day=short_date(anchor)) if article else start
    if row.unit == "day_of_next_month":
        day = _("次月 %(n)s 日", n=row.value)
        return _("%(article)s，%(day)s", article=article, day=day) if article else day
    days = _("%(n)s 个工作日", n=row.value) if working_days else _("%(n)s 天", n=row.value)
    return "，".join(part for part in (article, start, days) if part)


def source_of(row_id: str) -> str:
    """Return the document that a row cites, with its first day in force."""
    row = next((row for row in rows() if row.row_id == row_id), None)
    return _("%(source)s，自 %(day)s 起施行", source=row.source, day=row.first_day.isoformat()) if row else ""
