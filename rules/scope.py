"""To whom the standard applies (第三条): to business in Wenzhou, from its first day on."""

from datetime import date

from rules.codes import is_region, zones
from rules.parameters import STANDARD_FIRST_DAY


def is_in_scope(region_code: str, term_end: date) -> bool:
    """Tell whether a policy falls under the standard (第三条、第二十九条).

    Its unit lies in a region or zone of Wenzhou, and the policy was still in force on the first day.
    """
    in_wenzhou = is_region(region_code, term_end) or region_code in zones()
    return in_wenzhou and term_end >= STANDARD_FIRST_DAY
