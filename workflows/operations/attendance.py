"""Who came to a gathering, as it is pasted from a sheet: a line for each unit, its name and how many people."""

import re
from collections.abc import Mapping

from store.pages.audience import InsuredUnit
from workflows.errors import AnswersRefusedError

LINE = re.compile(r"^(?P<name>.+?)[\s,，、]+(?P<people>[0-9]{1,4})\s*人?$")


def read_attendance(text: str, units: Mapping[str, InsuredUnit]) -> Mapping[str, tuple[InsuredUnit, int]]:
    """Return each unit with its people. Raises: AnswersRefusedError with the first line that cannot be read."""
    found: dict[str, tuple[InsuredUnit, int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            name, people = _read(number, line.strip())
            if name not in units:
                raise _refused(number, f"没有保单在有效期内的单位叫“{name}”，请写单位全称")
            if name in found:
                raise _refused(number, f"“{name}”写了两次，请合成一行")
            found[name] = (units[name], people)
    if not found:
        raise AnswersRefusedError({"attendance": "至少写一家到场单位"})
    return found


def _read(number: int, line: str) -> tuple[str, int]:
    match = LINE.match(line)
    if match is None or int(match["people"]) < 1:
        raise _refused(number, "要写成“单位全称 人数”，人数至少 1")
    return match["name"], int(match["people"])


def _refused(number: int, problem: str) -> AnswersRefusedError:
    return AnswersRefusedError({"attendance": f"第 {number} 行：{problem}"})
