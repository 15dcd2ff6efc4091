"""The four dashboards (第八条): which figures each has, which charts; and among whom one may choose."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import Party
from store.measures.catalogue import MEASURES
from store.measures.model import Figure, Window
from store.measures.sums import Request, figures_by
from store.tables import Organization

MOST_OFFICES = 200


class Chart(Struct, frozen=True):
    """A chart: its measure, what tells its figures apart, and how it is drawn: bar, line or heat."""

    title: str
    kind: str
    measure: str
    by: tuple[str, ...]


class Board(Struct, frozen=True):
    """A dashboard."""

    title: str
    tiles: tuple[str, ...]
    charts: tuple[Chart, ...]


BOARDS: Mapping[str, Board] = MappingProxyType(
    {
        "enrolment": Board(
            "投保",
            ("insured_units", "premium_written", "premium_collected", "premium_net", "participation_rate"),
            (
                Chart("各县市区在保单位", "bar", "insured_units", ("region_code",)),
                Chart("每月签单保费", "line", "premium_written", ("month",)),
                Chart("各保险机构签单保费", "bar", "premium_written", ("insurer_id",)),
                Chart("各保费档的保单", "bar", "policies_signed", ("category",)),
            ),
        ),
        "claims": Board(
            "理赔",
            ("claims_reported", "claims_paid", "claims_outstanding", "loss_ratio", "claims_deaths"),
            (
                Chart("各行业赔付率", "bar", "loss_ratio", ("industry",)),
                Chart("每月报案", "line", "claims_reported", ("month",)),
                Chart("各保险机构已决赔款", "bar", "claims_paid", ("insurer_id",)),
                Chart("各县市区赔案", "bar", "claims_reported", ("region_code",)),
            ),
        ),
        "services": Board(
            "服务",
            (
                *("visits_done", "coverage_rate", "first_touch_rate", "on_schedule_rate", "visits_short"),
                *("return_visit_on_time", "archive_on_time", "satisfaction_mean", "complaint_rate"),
                "group_trainings",
            ),
            (
                Chart("各县市区服务次数", "bar", "visits_done", ("region_code",)),
                Chart("每月完成服务", "line", "visits_done", ("month",)),
                Chart("各县市区服务覆盖率", "bar", "coverage_rate", ("region_code",)),
                Chart("费用用在哪里", "bar", "fund_spent", ("category",)),
            ),
        ),
        "risk": Board(
            "风险",
            (
                *("hazards_found", "major_count", "rectification_rate", "overdue_hazards"),
                *("overdue_days_mean", "rectification_on_time", "major_rectification_rate"),
                *("hazards_per_visit", "baseline_rate", "anomaly_rate"),
            ),
            (
                Chart("哪类行业、哪类隐患最多", "heat", "hazards_found", ("industry", "category")),
                Chart("每月发现隐患", "line", "hazards_found", ("month",)),
                Chart("各县市区逾期未闭环", "bar", "overdue_hazards", ("region_code",)),
                Chart("各行业整改率", "bar", "rectification_rate", ("industry",)),
            ),
        ),
    }
)

Places = Mapping[tuple[object, ...], Figure]


class BoardFigures(Struct, frozen=True):
    """What a dashboard shows: each tile now and a year before, each chart by its places (a line: both)."""

    now: Mapping[str, Figure | None]
    before: Mapping[str, Figure | None]
    charts: tuple[tuple[Places, Places], ...]


def board_figures(session: Session, board: Board, window: Window) -> BoardFigures:
    """Return the figures of a dashboard as they are committed now."""
    earlier = window.a_year_before
    tiles = [MEASURES[name] for name in board.tiles]
    asked: list[Request] = [(measure, when, ()) for measure in tiles for when in (window, earlier)]
    asked += [(MEASURES[chart.measure], window, chart.by) for chart in board.charts]
    asked += [(MEASURES[one.measure], earlier, one.by) for one in board.charts if one.kind == "line"]
    found = figures_by(session, asked)
    return BoardFigures(
        now={name: found[name, window, ()].get(()) for name in board.tiles},
        before={name: found[name, earlier, ()].get(()) for name in board.tiles},
        charts=tuple(
            (found[one.measure, window, one.by], found.get((one.measure, earlier, one.by), {}))
            for one in board.charts
        ),
    )


def offices(session: Session, party: Party) -> Sequence[tuple[UUID, str]]:
    """Return the insurers or the providers by name, that one may choose among them."""
    query = select(Organization.id, Organization.name).where(Organization.kind == party.value)
    found = session.execute(query.order_by(Organization.name).limit(MOST_OFFICES))
    return [(row.id, row.name) for row in found]
