"""Visits owed, done and missing, and the coverage, insurer by insurer (第十三、十四条)."""

from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, ScalarSelect, Subquery, case, distinct, exists, func, select
from sqlalchemy.orm import Session

from rules.coverage import coverage
from rules.refusal import Willingness
from rules.reporting import Period
from store.pages.register_lists import names_of
from store.pages.visit_counts import counted, missing, required
from store.reports.catalogue import Column, Report
from store.tables import Policy, Policyholder

MOST = 200


class InsurerVisits(Struct, frozen=True):
    """One insurer's policies that end in the period; `coverage` in percent, None where nobody is to be served."""

    insurer: str
    policies: int
    units: int
    required: int
    counted: int
    missing: int
    refused: int
    coverage: Decimal | None


def visits_by_insurer(session: Session, period: Period) -> list[InsurerVisits]:
    """Return the sums of every insurer whose policies the person sees, the most units first.

    Counted are policies within the scope of the standard that end in the period and whose cycle has begun.
    """
    policy = policies_ending(period)
    query = select(
        policy.c.insurer_id,
        func.count().label("policies"),
        count_units(policy).label("units"),
        func.sum(policy.c.required).label("required"),
        func.sum(policy.c.counted).label("counted"),
        func.sum(policy.c.missing).label("missing"),
        count_units(policy, policy.c.refused).label("refused"),
        count_units(policy, ~policy.c.refused & (policy.c.missing > 0)).label("short"),
    )
    found = session.execute(query.group_by(policy.c.insurer_id).limit(MOST)).all()
    names = names_of(session, [row.insurer_id for row in found])
    rows = [
        InsurerVisits(
            insurer=names.get(row.insurer_id, ""),
            policies=row.policies,
            units=row.units,
            required=int(row.required),
            counted=int(row.counted),
            missing=int(row.missing),
            refused=row.refused,
            coverage=coverage(row.units, row.refused, row.units - row.refused - row.short).rate,
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: (-row.units, row.insurer))


REPORT = Report(
    title="服务次数与覆盖率",
    about="保险止期在这段时间内、服务周期已开始的保单：应服务几次，做了几次，还欠几次；"
    "覆盖率是做满的单位占全部单位的比例，书面告知并留档的拒绝户不算在内。",
    columns=(
        Column("保险机构", "insurer"),
        Column("保单", "policies"),
        Column("单位", "units"),
        Column("应服务", "required"),
        Column("已完成", "counted"),
        Column("欠次", "missing"),
        Column("拒绝并留档", "refused"),
        Column("覆盖率", "coverage", is_percent=True),
    ),
    rows=visits_by_insurer,
)


def policies_ending(period: Period) -> Subquery:
    """Give the policies of the period with what each owes, has had and misses; nothing after a surrender (D6)."""
    refused = exists().where(
        Policyholder.organization_id == Policy.policyholder_id,
        Policyholder.willingness == Willingness.REFUSED_FILED.value,
    )
    owed = case((Policy.surrender_effective.is_not(None), 0), else_=_or_none(missing()))
    return (
        select(
            Policy.org_id,
            Policy.insurer_id,
            Policy.policyholder_id,
            _or_none(required()).label("required"),
            _or_none(counted()).label("counted"),
            owed.label("missing"),
            refused.label("refused"),
        )
        .where(
            Policy.term_end.between(period.first_day, period.last_day),
            Policy.out_of_scope.is_(False),
            Policy.voided_on.is_(None),
            required().is_not(None),
        )
        .subquery()
    )


def _or_none(count: ScalarSelect[int]) -> ColumnElement[int]:
    return func.coalesce(count, 0)


def count_units(policy: Subquery, such: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    """Count units once, however many policies they have."""
    unit: ColumnElement[UUID | None] = policy.c.policyholder_id
    return func.count(distinct(unit if such is None else case((such, unit))))
