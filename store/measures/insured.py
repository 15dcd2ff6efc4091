"""Measures of insurance: units with a policy in force, and what is paid for it (第八条)."""

from collections.abc import Callable
from typing import Any  # Any: a column of whatever type

from sqlalchemy import ColumnElement, Select, Uuid, and_, case, cast, exists, func, literal, null, or_, select

from rules.parameters import STANDARD_FIRST_DAY, bands
from store.measures.model import COUNT, PERCENT, YUAN, Condition, Measure, Rows, Window, counted
from store.tables import Organization, Policy, Policyholder

_NAME = select(Organization.name).where(Organization.id == Policyholder.organization_id).scalar_subquery()
_SIGNED = func.coalesce(Policy.signed_on, Policy.term_start)


def in_force(window: Window, *told: ColumnElement[int]) -> Select[Any]:  # Any: see above
    """Select the policies in force on the last day, with what is told of each."""
    owner = [
        getattr(Policy, name) if window.apart else cast(null(), Uuid()) for name in ("org_id", "insurer_id")
    ]
    return select(
        Policy.policyholder_id, owner[0].label("org_id"), owner[1].label("insurer_id"), *told
    ).where(window.owns(Policy, "org_id", "insurer_id"), _is_in_force(window))


def insured(
    window: Window,
    policies: Select[Any],  # Any: see above
    part: Callable[[ColumnElement[int]], object],
    whole: object = 1,
) -> Rows:
    """Give each unit of these policies once, with a part made of the sum of what is told of them."""
    each = policies.subquery()
    places = (each.c.policyholder_id, each.c.org_id, each.c.insurer_id)
    units = select(*places, func.sum(each.c.told).label("told")).group_by(*places).subquery()
    rows = _units(part(units.c.told), whole, org_id=units.c.org_id, insurer_id=units.c.insurer_id)
    joined = rows.join_from(units, Policyholder, Policyholder.organization_id == units.c.policyholder_id)
    return joined.where(window.owns(Policyholder, "region_code", "industry"))


def policies_signed(window: Window, part: object = 1) -> Rows:
    """Give the policies signed in the window; in force from the first day of the term where no day is known."""
    rows = counted("policy", Policy.id, Policy.number, Policy, part=part, day=_SIGNED, category=_tier(window))
    return rows.where(
        window.owns(Policy),
        window.holds(_SIGNED),
        Policy.voided_on.is_(None),
        Policy.out_of_scope.is_(False),
    )


def _units(part: object, whole: object = 1, **owners: object) -> Rows:
    return counted(
        "unit", Policyholder.organization_id, _NAME, Policyholder, part=part, whole=whole, **owners
    )


def _is_in_force(window: Window) -> Condition:
    return and_(
        Policy.term_start <= window.last_day,
        Policy.term_end >= window.last_day,
        or_(Policy.surrender_effective.is_(None), Policy.surrender_effective > window.last_day),
        Policy.voided_on.is_(None),
        Policy.out_of_scope.is_(False),
    )


def _tier(window: Window) -> ColumnElement[str]:
    """Return which band of premium a policy falls into, by its number of visits (第十四条)."""
    found = bands("visit_tiers", max(window.last_day, STANDARD_FIRST_DAY)).value
    return case(
        *((Policy.written_premium >= band.at_least, str(band.visits)) for band in reversed(found)),
        else_=str(found[0].visits),
    )


def _participating(window: Window) -> Rows:
    held = exists().where(
        Policy.policyholder_id == Policyholder.organization_id,
        window.owns(Policy, "insurer_id"),
        _is_in_force(window),
    )
    rows = _units(case((held, 1), else_=0))
    return rows.where(
        window.owns(Policyholder, "org_id", "region_code", "industry"),
        Policyholder.high_risk_kind != "none",
    )


def _premium(amount: object) -> Callable[[Window], Rows]:
    return lambda window: policies_signed(window, amount)


def _insured_once(window: Window) -> Rows:
    return insured(window, in_force(window, literal(1).label("told")), lambda _: 1, whole=None)


def net_premium(window: Window) -> Rows:
    """Give the policies signed in the window with what remains of their premium."""
    return policies_signed(window, Policy.written_premium - Policy.refunded)


_SIGNED_IN = "按签单日计，没有签单日的按保险起期；作废的和不在适用范围的不算。"
INSURED = (
    Measure(
        "insured_units",
        "在保单位",
        "期末那一天有有效保单的投保单位，几份保单也只算一家。",
        COUNT,
        "家",
        _insured_once,
        by_month=False,
    ),
    Measure(
        "participation_rate",
        "高危单位参保率",
        "登记在册的八大高危单位里，期末在保的占多少；应投保名录以导入、登记的单位为准。",
        PERCENT,
        "%",
        _participating,
        by_month=False,
    ),
    Measure(
        "policies_signed",
        "签单份数",
        f"期内签单的保单。{_SIGNED_IN}",
        COUNT,
        "份",
        policies_signed,
        source="policy",
        category="premium_tier",
    ),
    Measure(
        "premium_written",
        "签单保费",
        f"期内签单的保单的签单保费。{_SIGNED_IN}",
        YUAN,
        "元",
        _premium(Policy.written_premium),
        source="policy",
        category="premium_tier",
    ),
    Measure(
        "premium_collected",
        "实收保费",
        f"期内签单的保单已经收到的保费，没有登记实收的按 0 计。{_SIGNED_IN}",
        YUAN,
        "元",
        _premium(func.coalesce(Policy.collected_premium, 0)),
        source="policy",
        category="premium_tier",
    ),
    Measure(
        "premium_net",
        "净保费",
        f"期内签单的保单的签单保费减去退保退还的。{_SIGNED_IN}",
        YUAN,
        "元",
        net_premium,
        source="policy",
        category="premium_tier",
    ),
)
