"""Questions on the complaint clock and on codes (第二十二条; 第八条、第二十一条)."""

from rules.codes import is_region, is_uscc, regions
from rules.complaints import can_extend, complaint_clock
from rules.examples.reading import Answer, Input, Question, day, optional_day
from rules.working_days import published_calendar


def clock(given: Input) -> Answer:
    """Answer when a complaint is to be answered (D12)."""
    found = complaint_clock(day(given["received"]), published_calendar())
    return {
        "reply_due": found.reply_due.isoformat(),
        "extended_due": found.verify_due.isoformat(),
        "provisional": found.provisional,
    }


def extension(given: Input) -> Answer:
    """Answer whether the term may be extended (D12)."""
    approved_by = given.get("approved_by")
    return {"can_extend": can_extend(is_complex=bool(given.get("complex")), approved_by=approved_by)}


def credit_code(given: Input) -> Answer:
    """Answer whether credit codes are valid, in the shape in which they were given (GB 32100)."""
    codes = given["uscc"]
    return {"valid": is_uscc(codes) if isinstance(codes, str) else [is_uscc(code) for code in codes]}


def region_codes(given: Input) -> Answer:
    """Answer whether all region codes are valid, and their names (GB/T 2260)."""
    codes, on = given["codes"], optional_day(given, "as_of")
    known = [regions()[code].name if is_region(code, on) else None for code in codes]
    return {"count": len(codes), "all_valid": None not in known, "names": known}


def region_code(given: Input) -> Answer:
    """Answer whether a region code was in use on a day, and which one it was taken from (GB/T 2260)."""
    found = regions().get(given["code"])
    return {
        "valid": is_region(given["code"], optional_day(given, "as_of")),
        "successor_of": None if found is None else found.successor_of,
    }


QUESTIONS = (
    Question("complaint", clock, frozenset({"received"})),
    Question("complaint", extension, any_of=frozenset({"complex", "approved_by"})),
    Question("validation", credit_code, frozenset({"uscc"})),
    Question("validation", region_codes, frozenset({"codes"})),
    Question("validation", region_code, frozenset({"code"})),
)
