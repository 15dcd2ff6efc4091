"""Personal numbers as everybody may see them; the same on pages, papers, exports and in logs."""


def masked_mobile(mobile: str | None) -> str:
    """Return a phone number with its middle hidden: 138****5678."""
    text = mobile or ""
    return f"{text[:3]}****{text[-4:]}" if len(text) > 7 else text


def masked_id_number(number: str | None) -> str:
    """Return an identity number with all but its first four and last four signs hidden."""
    text = number or ""
    return f"{text[:4]}**********{text[-4:]}" if len(text) > 8 else text
