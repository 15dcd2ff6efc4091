"""Sealing the record of a visit: seven elements and the policyholder's confirmation (第七条、第十九条)."""

from collections.abc import Mapping

from rules.gates import Gate, gate

RECORD_ELEMENTS = ("time", "place", "org", "personnel", "content", "process", "return_visit")
INSURED_CONFIRMATION = "insured_confirmation"
PROVIDER_SIGNATURE = "provider_signature"
APPEND_CORRECTION = "append_correction_record"
APPENDING = "append"
READING = frozenset({"read", "view", "export", "print", "verify", "supplement"})


def archive_gate(
    record: Mapping[str, object],
    *,
    insured_confirmed: bool | None = None,
    provider_signed: bool | None = None,
) -> Gate:
    """Return whether the record of a visit may be sealed (第十九条).

    All of time, place, organization, personnel, content, process and return visit; then the policyholder's
    confirmation and the provider's signature, each tested only where it is known (D16).
    """
    missing = list(gate(RECORD_ELEMENTS, record).missing)
    if insured_confirmed is False:
        missing.append(INSURED_CONFIRMATION)
    if provider_signed is False:
        missing.append(PROVIDER_SIGNATURE)
    return Gate(tuple(missing))


def may_operate(operation: str, *, archived: bool) -> bool:
    """Tell whether the operation is allowed (第七条): the archived is read and appended to, never changed."""
    return not archived or operation in READING or operation.startswith(APPENDING)


def alternative_to(operation: str, *, archived: bool) -> str | None:
    """Return what to do instead of a refused operation: append a correction, keep the old value (第七条)."""
    return None if may_operate(operation, archived=archived) else APPEND_CORRECTION
