"""Yuan and percentages as exact decimals; nothing here ever passes through binary floating point."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
HUNDRED = Decimal(100)


def to_fen(amount: Decimal) -> Decimal:
    """Return the amount rounded half up to 0.01 yuan (D3: premiums are compared in fen)."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def up_to_fen(amount: Decimal) -> Decimal:
    """Return the amount rounded up to 0.01 yuan, as a floor must be (D8)."""
    return amount.quantize(FEN, ROUND_CEILING)


def down_to_fen(amount: Decimal) -> Decimal:
    """Return the amount rounded down to 0.01 yuan, as a ceiling must be (D8)."""
    return amount.quantize(FEN, ROUND_FLOOR)


def percent(part: Decimal | int, whole: Decimal | int, digits: int = 1) -> Decimal | None:
    """Return part / whole in percent, rounded half up for display alone; None if the whole is 0."""
    if not whole:
        return None
    exact = Decimal(part) * HUNDRED / Decimal(whole)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
