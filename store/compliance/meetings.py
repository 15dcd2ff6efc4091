"""Each quarter has its meeting with agencies and experts: a recommendation (第二十条, D23)."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.exchange import QUARTERS, missing_quarters, quarter_of
from rules.parameters import offsets, standard_day
from rules.periods import periods_of_year
from rules.reporting import Period
from store.compliance.catalogue import Asked, Duty, Finding, Force, Trace, Traces
from store.tables import ExchangeMeeting, Organization, Policy


def _judge(session: Session, asked: Asked) -> Finding:
    now, quarters = quarter_of(asked.day), periods_of_year("quarter", asked.day.year)
    missing: dict[int, list[Trace]] = {quarter: [] for quarter in QUARTERS}
    total = 0
    for quarter, period in zip(QUARTERS, quarters, strict=True):
        if quarter < now or (quarter == now and _is_near(asked, period)):
            for provider, name in _serving(session, asked, period):
                total += 1
                if quarter in missing_quarters(asked.day.year, _held(session, asked, provider)):
                    words = f"{quarter} 季度没有协商会议"
                    missing[quarter].append(Trace("organization", provider, name, words, period.last_day))
    late = tuple(trace for quarter in QUARTERS if quarter < now for trace in missing[quarter])
    soon = tuple(missing[now])
    return Finding(
        total=total,
        met=total - len(late) - len(soon),
        told=f"宜每季度协商一次。今年应看 {total} 个季度，没有开会的 {len(late)} 个；"
        f"本季度快结束还没有开的 {len(soon)} 个",
        broken=Traces(len(late), late[: asked.most]),
        at_risk=Traces(len(soon), soon[: asked.most]),
    )


def _is_near(asked: Asked, period: Period) -> bool:
    """Tell whether the quarter ends within the days at which a meeting is called to mind."""
    days = max(offsets("remind_quarter", standard_day(period.last_day)).value)
    return asked.day >= period.last_day - timedelta(days=days)


def _serving(session: Session, asked: Asked, period: Period) -> list[tuple[UUID, str]]:
    """Return the providers that had policies of the business that was asked for in the quarter."""
    rows = session.execute(
        select(Organization.id, Organization.name)
        .join(Policy, Policy.org_id == Organization.id)
        .where(
            Policy.term_start <= period.last_day,
            Policy.term_end >= period.first_day,
            Policy.out_of_scope.is_(False),
            Policy.voided_on.is_(None),
            *asked.of(Policy),
        )
        .distinct()
        .order_by(Organization.name, Organization.id)
    )
    return [(row.id, row.name) for row in rows]


def _held(session: Session, asked: Asked, provider: UUID) -> list[date]:
    query = select(ExchangeMeeting.held_on).where(
        ExchangeMeeting.org_id == provider, ExchangeMeeting.held_on <= asked.day
    )
    return [day for day in session.scalars(query) if day is not None]


DUTIES = (
    Duty(
        key="exchange_quarters",
        article="20",
        title="每季度与技术机构和专业技术人员协商一次",
        unit="个",
        remedy="在“培训”页的“协商交流”里召集会议，会后在待办里记会议；这是“宜”，缺了只作提示。",
        judge=_judge,
        force=Force.SHOULD,
    ),
)
