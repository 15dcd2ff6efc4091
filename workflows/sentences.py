"""Phrases that several events and notices share."""

from datetime import date

from rules.working_days import Calendar


def day_text(day: date) -> str:
    """Return a day as it is read in evidence."""
    return day.isoformat()


def due_phrase(due: date | None, today: date, calendar: Calendar) -> str:
    """Return how many working days are left, or how many late, with the date (第十九条)."""
    if due is None:
        return "没有期限"
    if due < today:
        late = calendar.between(due, today)
        return f"{f'逾期 {late} 个工作日' if late else '已逾期'}，期限 {day_text(due)}"
    if due == today:
        return f"今天到期（{day_text(due)}）"
    provisional = "，暂定" if calendar.is_provisional(due) else ""
    left = calendar.between(today, due)
    return f"剩{f' {left} ' if left else '不到 1 '}个工作日，期限 {day_text(due)}{provisional}"
