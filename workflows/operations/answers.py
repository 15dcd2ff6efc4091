"""Reading checked answers: they come from a form; here they get their Python types."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from workflows.catalogue import Inputs


class Answers:
    """The answers of a step, read by key; absent ones are empty."""

    def __init__(self, inputs: Inputs) -> None:
        """Take the answers out of an operation's inputs."""
        found = inputs.get("answers")
        self._answers: Mapping[str, object] = found if isinstance(found, Mapping) else {}

    def __contains__(self, key: str) -> bool:
        """Tell whether there is an answer that is not empty."""
        return self._answers.get(key) not in (None, "", [], {})

    def text(self, key: str) -> str:
        """Return a text, empty if there is none."""
        value = self._answers.get(key)
        return "" if value is None else str(value)

    def tick(self, key: str) -> bool:
        """Return whether a box is ticked."""
        return self._answers.get(key) is True

    def whole(self, key: str) -> int | None:
        """Return a whole number."""
        value = self._answers.get(key)
        return None if value in (None, "") else int(str(value))

    def amount(self, key: str) -> Decimal | None:
        """Return an amount in yuan."""
        value = self._answers.get(key)
        return None if value in (None, "") else Decimal(str(value))

    def day(self, key: str) -> date | None:
        """Return a legal day."""
        value = self._answers.get(key)
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else (date.fromisoformat(str(value)[:10]) if value else None)

    def moment(self, key: str) -> datetime | None:
        """Return an aware moment."""
        value = self._answers.get(key)
        return (
            value if isinstance(value, datetime) else (datetime.fromisoformat(str(value)) if value else None)
        )

    def person(self, key: str) -> UUID | None:
        """Return the id of a person, organization or record."""
        value = self._answers.get(key)
        return UUID(str(value)) if value else None

    def many(self, key: str) -> list[str]:
        """Return several codes or file ids; one alone becomes a list of one."""
        value = self._answers.get(key)
        if value is None or value == "":
            return []
        return [str(entry) for entry in value] if isinstance(value, list | tuple) else [str(value)]

    def rows(self, key: str) -> list["Answers"]:
        """Return the rows of a repeated group."""
        value = self._answers.get(key)
        return [Answers({"answers": row}) for row in value] if isinstance(value, list | tuple) else []

    def group(self, key: str) -> "Answers":
        """Return a group of answers."""
        return Answers({"answers": self._answers.get(key) or {}})

    def plain(self) -> Mapping[str, object]:
        """Return all answers as they are."""
        return self._answers
