"""What runs: a process with its live numbers, its traffic over some days, its ways, and its log to take along."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any  # Any: words of an address

from flask import abort, render_template, request, send_file, url_for
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from documents.event_logs import LogEvent, write_ocel, write_xes
from rules.roles import ROLES
from rules.working_days import LEGAL_ZONE
from store.pages.process_log import Span, Standing, StepTimes, Way, log_lines, standing, step_times, ways
from store.pages.processes import ReleaseRow, releases_of
from webapp import addresses
from webapp.dates import this_day
from webapp.drawings import drawing_of
from webapp.identity import actor, the_runtime
from webapp.studio.frame import blueprint
from webapp.tabs import Tab
from webapp.texts import _
from workflows.engine import Spec
from workflows.errors import RuleRefusedError
from workflows.journey import journey_of
from workflows.pinned import spec_of
from workflows.traffic import Traffic, log_events, traffic_of

DAYS = 90
WAYS_SHOWN = 12
MOST_EVENTS = 200_000
HEAT_STEPS = 6
HOUR, DAY = 3600, 86_400
SHOWN = {"traffic": "经过次数", "waiting": "等待时间", "standing": "现在停在"}
"""What the drawing may show, by the word of the address."""
BPMN = "application/xml; charset=utf-8"
LOG_TYPES = {"xes": "application/xml", "ocel": "application/json"}
FILE_ENDINGS = {"xes": "xes", "ocel": "ocel.json"}


class Asked(Struct, frozen=True):
    """What the address asks for: a release, the days on which its cases began, both inclusive, what is drawn."""

    release: ReleaseRow
    first_day: date
    last_day: date
    shown: str

    @property
    def span(self) -> Span:
        """Return the moments between which the cases began, in Wenzhou."""
        begin, end = (
            datetime.combine(day, time(), LEGAL_ZONE)
            for day in (self.first_day, self.last_day + timedelta(days=1))
        )
        return Span(self.release.id, begin, end)

    def address(self, **other: object) -> dict[str, Any]:
        """Return the words of the address, some of them changed."""
        words = {
            "from": self.first_day,
            "to": self.last_day,
            "release": self.release.number,
            "show": self.shown,
        }
        return {"process": self.release.process, **words, **other}


class ElementLine(Struct, frozen=True):
    """An element with its numbers; `heat` is the step of what is drawn, None where there is nothing to draw."""

    element: str
    title: str
    role: str
    passed: int
    standing: Standing
    times: StepTimes | None
    heat: int | None
    badge: str


class FlowLine(Struct, frozen=True):
    """A flow and how often it was taken."""

    flow: str
    source: str
    target: str
    taken: int
    heat: int


class WayLine(Struct, frozen=True):
    """A way of some cases, in words, with its share in percent."""

    titles: tuple[str, ...]
    cases: int
    ended: int
    share: str


class RunningPage(Struct, frozen=True):
    """What the page shows."""

    asked: Asked
    releases: tuple[ReleaseRow, ...]
    cases: int
    elements: tuple[ElementLine, ...]
    flows: tuple[FlowLine, ...]
    ways: tuple[WayLine, ...]
    all_ways: int
    tabs: tuple[Tab, ...]


@blueprint.get("/<process>/running")
def running(process: str) -> str:
    """Show what runs of a process."""
    runtime = the_runtime()
    with runtime.database.read(actor().scope) as session:
        page = _page(session, _asked(session, process), runtime.now())
    return render_template("studio/running.html", page=page, duration=duration)


@blueprint.get("/<process>/running.bpmn")
def running_diagram(process: str) -> Response:
    """Hand out the diagram of the release that the address asks for."""
    with the_runtime().database.read(actor().scope) as session:
        return Response(drawing_of(session, _asked(session, process).release.id), content_type=BPMN)


@blueprint.get("/<process>/log.<format>")
def log(process: str, format: str) -> Response:  # noqa: A002  # a word of the address
    """Hand out the events of the cases as a log for process mining."""
    if format not in LOG_TYPES:
        abort(404)
    file = BytesIO()
    with the_runtime().database.read(actor().scope) as session:
        asked = _asked(session, process)
        events = _bounded(log_events(spec_of(session, asked.release.id), log_lines(session, asked.span)))
        if format == "xes":
            write_xes(file, asked.release.title, events)
        else:
            write_ocel(file, asked.release.title, _("上级办件"), events)
    file.seek(0)
    days = _("%(first)s 至 %(last)s", first=asked.first_day, last=asked.last_day)
    name, kind = f"{asked.release.title} {days}.{FILE_ENDINGS[format]}", LOG_TYPES[format]
    return send_file(file, mimetype=kind, as_attachment=True, download_name=name)


def _bounded(events: Iterable[LogEvent]) -> Iterator[LogEvent]:
    """Yield events, as many as one download may have. Raises: RuleRefusedError."""
    for number, event in enumerate(events):
        if number == MOST_EVENTS:
            raise RuleRefusedError(
                _("这段日子的事件不止 %(n)s 条，一次下载不了；请把日子缩短。", n=MOST_EVENTS)
            )
        yield event


def _asked(session: Session, process: str) -> Asked:
    """Read the address; nonsense is the newest release, the last days, the traffic."""
    releases = releases_of(session, process)
    if not releases:
        abort(404)
    words = request.args
    number = words.get("release", "")
    chosen = [one for one in releases if str(one.number) == number]
    today = this_day()
    last = addresses.day(words.get("to", "")) or today
    first = addresses.day(words.get("from", "")) or last - timedelta(days=DAYS)
    shown = words.get("show", "")
    return Asked(
        (chosen or releases)[0],
        min(first, last),
        max(first, last),
        shown if shown in SHOWN else next(iter(SHOWN)),
    )


def _page(session: Session, asked: Asked, now: datetime) -> RunningPage:
    spec = spec_of(session, asked.release.id)
    gone = ways(session, asked.span)
    traffic = traffic_of(spec, gone)
    stands, times = standing(session, asked.release.id, now), step_times(session, asked.span)
    lines = _elements(spec, asked.shown, traffic, stands, times)
    cases = sum(way.cases for way in gone)
    tabs = tuple(
        Tab(_(title), url_for("studio.running", **asked.address(show=shown)), shown == asked.shown)
        for shown, title in SHOWN.items()
    )
    return RunningPage(
        asked=asked,
        releases=releases_of(session, asked.release.process),
        cases=cases,
        elements=lines,
        flows=_flows(spec, traffic),
        ways=tuple(_way(spec, way, cases) for way in gone[:WAYS_SHOWN]),
        all_ways=len(gone),
        tabs=tabs,
    )


def _elements(
    spec: Spec,
    shown: str,
    traffic: Traffic,
    stands: Mapping[str, Standing],
    times: Mapping[str, StepTimes],
) -> tuple[ElementLine, ...]:
    """Return every step, and of the other elements those that have a number, in the order in which cases come there."""
    order = {element: n for n, element in enumerate(journey_of(spec, (), spec.starts).ahead)}
    listed = [name for name in spec.nodes if name in spec.steps or name in stands or name in traffic.elements]
    listed = [name for name in listed if name in spec.steps or spec.nodes[name].get("name")]
    measured: Mapping[str, Mapping[str, float]] = {
        "traffic": traffic.elements,
        "waiting": {name: one.median for name, one in times.items()},
        "standing": {name: one.waiting for name, one in stands.items() if name in spec.steps},
    }
    values = {name: measured[shown].get(name, 0) for name in listed}
    most = max(values.values(), default=0)
    return tuple(
        ElementLine(
            element=name,
            title=_title(spec, name),
            role=_role(spec, name),
            passed=traffic.elements.get(name, 0),
            standing=stands.get(name, Standing()),
            times=times.get(name),
            heat=_heat(values[name], most),
            badge=""
            if _is_gateway(spec, name)
            else _badge(shown, values[name], stands.get(name, Standing())),
        )
        for name in sorted(listed, key=lambda name: (order.get(name, len(order)), name))
    )


def _flows(spec: Spec, traffic: Traffic) -> tuple[FlowLine, ...]:
    most = max(traffic.flows.values(), default=0)
    return tuple(
        FlowLine(flow["id"], _title(spec, name), _title(spec, flow["to"]), taken, _heat(taken, most) or 0)
        for name, node in spec.nodes.items()
        for flow in node["flows"]
        if (taken := traffic.flows.get(flow["id"], 0))
    )


def _way(spec: Spec, way: Way, cases: int) -> WayLine:
    named = [
        _title(spec, name) for name in way.elements if name in spec.nodes and spec.nodes[name].get("name")
    ]
    return WayLine(tuple(named), way.cases, way.ended, f"{way.cases * 100 / cases:.1f}")


def _heat(value: float, most: float) -> int | None:
    """Return the step of a value among the greatest, the first for little; None for nothing."""
    return int(value * (HEAT_STEPS - 1) / most) if value and most else None


def _badge(shown: str, value: float, stands: Standing) -> str:
    """Return what stands at an element of the drawing."""
    if shown == "waiting":
        return duration(value) if value else ""
    if shown == "traffic" or not value:
        return f"{value:.0f}" if value else ""
    return (
        _("%(n)s（逾期 %(late)s）", n=stands.waiting, late=stands.overdue)
        if stands.overdue
        else str(stands.waiting)
    )


def duration(seconds: float) -> str:
    """Return how long something took, in hours below two days, else in days, to one digit."""
    if seconds < 2 * DAY:
        return _("%(n)s 小时", n=f"{seconds / HOUR:.1f}")
    return _("%(n)s 天", n=f"{seconds / DAY:.1f}")


def _is_gateway(spec: Spec, name: str) -> bool:
    return str(spec.nodes[name]["type"]).endswith("Gateway")


def _title(spec: Spec, name: str) -> str:
    return str(spec.nodes[name].get("name") or _("网关"))


def _role(spec: Spec, name: str) -> str:
    role = spec.steps[name].role if name in spec.steps else None
    return ROLES[role].title if role is not None and role in ROLES else ""
