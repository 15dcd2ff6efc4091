"""Personal numbers as everybody may see them; the same on pages, papers, exports and in logs."""

import re

MOBILE_DIGITS = 11
_NUMBERS = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx])(?![0-9])")


def masked_mobile(mobile: str | None) -> str:
    """Return a phone number with its middle hidden: 138****5678."""
    text = mobile or ""
    return f"{text[:3]}****{text[-4:]}" if len(text) > 7 else text


def masked_id_number(number: str | None) -> str:
    """Return an identity number with all but its first four and last four signs hidden."""
    text = number or ""
    return f"{text[:4]}**********{text[-4:]}" if len(text) > 8 else text


def masked_numbers(text: str) -> str:
    """Return a text with the phone and identity numbers in it hidden."""
    return _NUMBERS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    number = found[0]
    return masked_mobile(number) if len(number) == MOBILE_DIGITS else masked_id_number(number)
