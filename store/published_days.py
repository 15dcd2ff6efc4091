"""The published holidays of a year, from the chinesecalendar package, as the text of a file of rules/calendars."""

from datetime import date

from chinese_calendar import constants

from rules.working_days import render_year

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class UnpublishedYearError(LookupError):
    """The holidays of the year are not known to the installed package."""

    def __init__(self, year: int, newest: int) -> None:
        """Remember the year that was asked for and the newest that is known."""
        super().__init__(f"the holidays of {year} are not known; the newest year is {newest}")
        self.year, self.newest = year, newest


def year_file(year: int) -> str:
    """Return the file of a year. Raises: UnpublishedYearError."""
    rests, make_ups = _of(constants.holidays, year), _of(constants.workdays, year)
    if not rests:
        raise UnpublishedYearError(year, max(day.year for day in constants.holidays))
    return render_year(year, f"国务院办公厅关于{year}年部分节假日安排的通知", rests, make_ups)


def _of(days: dict[date, str], year: int) -> dict[date, str]:
    return {day: _NAMES.get(name, name) for day, name in days.items() if day.year == year}
