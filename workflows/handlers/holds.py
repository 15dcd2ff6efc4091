"""Legal holds: a volume that a court or an inquiry needs is kept, however long its time is over (第七条, D2)."""

from typing import Final
from uuid import UUID

from store.scope import Scope
from store.tables import CaseFile
from workflows.administration import reason_of, tell
from workflows.errors import NotAllowedError, RuleRefusedError
from workflows.people import Actor
from workflows.reading import require_visible
from workflows.runtime import Runtime, legal_day

HOLDERS: Final = frozenset({"insurer", "provider_manager", "joint_office"})
_SCOPE: Final = Scope.everything("a case file is held")


def set_hold(runtime: Runtime, volume_id: UUID, reason: str, actor: Actor) -> None:
    """Keep a volume until the hold is lifted. Raises: NotFoundError, NotAllowedError, RuleRefusedError."""
    _change(runtime, volume_id, reason, actor, lift=False)


def lift_hold(runtime: Runtime, volume_id: UUID, reason: str, actor: Actor) -> None:
    """Lift the holds that the person's own office has set. Raises: as `set_hold`, and where there is none."""
    _change(runtime, volume_id, reason, actor, lift=True)


def _change(runtime: Runtime, volume_id: UUID, reason: str, actor: Actor, *, lift: bool) -> None:
    if not actor.roles & HOLDERS:
        raise NotAllowedError("hold", "case_file")
    said, now = reason_of(reason), runtime.now()
    require_visible(runtime, CaseFile, volume_id, actor, "case_file")
    today, org = legal_day(now).isoformat(), str(actor.org_id)
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        volume = session.get_one(CaseFile, volume_id, with_for_update=True)
        if volume.disposed_at is not None:
            raise RuleRefusedError(f"档案 {volume.number} 已经销毁")
        own = [one for one in volume.holds if one["org_id"] == org and one["lifted_on"] is None]
        if lift and not own:
            raise RuleRefusedError("本机构没有对这卷档案作法律保全；别的机构作的，由它解除")
        if lift:
            volume.holds = [one | {"lifted_on": today} if one in own else one for one in volume.holds]
        else:
            hold = {"reason": said, "org_id": org, "by": actor.name, "on": today, "lifted_on": None}
            volume.holds = [*volume.holds, hold]
        deed = "解除法律保全" if lift else "作法律保全"
        text = f"{actor.name}对档案 {volume.number} {deed}：{said}"
        kind = "hold_lifted" if lift else "held"
        tell(session, ("case_file", volume.id), kind, text, actor, now, volume.org_id)
