"""What every command needs and nothing else: the database, the files, the clock, the calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from store.database import Database
from store.files import FileStore
from workflows.mail import MailServer

SHANGHAI = ZoneInfo("Asia/Shanghai")


def wall_clock() -> datetime:
    """Return the present as an aware UTC moment."""
    return datetime.now(UTC)


def legal_day(moment: datetime) -> date:
    """Return the legal day (Asia/Shanghai) of a moment."""
    return moment.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """Return the moment at which a legal day is over."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _nobody_asks() -> None:
    """Do nothing: outside a job nobody else would begin the work."""


class Runtime(Struct, frozen=True):
    """What `run.py` builds once and hands down. `clock` gives aware UTC moments.

    Long work says between its parts that it is `still_at_work`, so that no second worker begins it; this raises
    LostLeaseError if one has.
    """

    database: Database
    files: FileStore
    clock: Callable[[], datetime] = wall_clock
    public_url: str = "http://127.0.0.1:8000"
    font_dir: Path | None = None
    signing_key: bytes | None = None
    four_eyes: bool = True
    mail: MailServer | None = None
    still_at_work: Callable[[], None] = _nobody_asks

    def now(self) -> datetime:
        """Return the moment of the command; it is read once and handed down."""
        return self.clock()
