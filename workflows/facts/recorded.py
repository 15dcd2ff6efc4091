"""What stands in the records, in a few words, beside the rows that ask about it."""

from collections.abc import Mapping
from datetime import datetime

from rules.vocabulary import label
from store.tables import Anomaly, Hazard, Organization, Visit
from workflows.acts import Act
from workflows.operations.anomalies import SHORT_STAY
from workflows.reading import found, labels, local, names_of
from workflows.records import team_of
from workflows.runtime import legal_day


def elements_of(act: Act, visit: Visit) -> Mapping[str, str]:
    """Return what the record of a visit has for each element of its file (第十九条)."""
    provider = found(act, Organization, visit.responsible_org_id)
    return {
        "time": _stay(visit),
        "place": visit.place,
        "org": provider.name if provider is not None else "",
        "personnel": names_of(act, team_of(act, visit)),
        "content": labels("service_item", visit.items),
        "process": visit.process,
    }


def anomaly_words(anomaly: Anomaly) -> str:
    """Return what was noticed, with the figures that it rests on."""
    detail = anomaly.detail
    match anomaly.code:
        case "short_stay":
            least = int(SHORT_STAY.total_seconds() // 60)
            return f"在场 {detail['minutes']} 分钟，不到 {least} 分钟"
        case "clock_skew":
            device, server = (datetime.fromisoformat(detail[name]) for name in ("device", "server"))
            return f"手机上是 {_moment(device)}，系统收到是 {_moment(server)}"
        case "no_position":
            return f"签到时写的原因：{detail['reason']}" if detail.get("reason") else ""
        case "photo_reused":
            return "和另一次服务用了同一张照片"
        case "two_places":
            return f"同一时段还在服务 {detail['visit']}"
        case _:
            return ""


def hazard_words(hazard: Hazard) -> str:
    """Return where a hazard is, what it rests on and what was advised."""
    parts = (("位置", hazard.place), ("依据", hazard.basis_clause), ("建议", hazard.suggestion))
    return "；".join(f"{title}：{text}" for title, text in parts if text)


def hazard_line(hazard: Hazard) -> str:
    """Return a hazard in one line, as somebody reads it before he signs."""
    until = "已当场整改" if hazard.fixed_on_spot else f"{hazard.deadline} 前整改"
    level = label("hazard_level", hazard.level)
    return f"{hazard.position}. {level}　{hazard.place}：{hazard.description}（{until}）"


def _stay(visit: Visit) -> str:
    arrived, left = visit.arrived_at, visit.left_at
    if arrived is None:
        return ""
    if left is None:
        return f"{_moment(arrived)}，没有记离场"
    same_day = legal_day(left) == legal_day(arrived)
    return f"{_moment(arrived)} 至 {f'{local(left):%H:%M}' if same_day else _moment(left)}"


def _moment(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"
