"""A case shown once more, event by event, in its drawing."""

import json

from sqlalchemy import select

from store.tables import Case
from tests.support.world import EVERYTHING
from workflows.journey import journey_of
from workflows.pinned import spec_of


def test_the_frames_of_a_case_add_up_to_where_it_has_been(archived):
    with archived.web.runtime.database.read(EVERYTHING) as session:
        case = session.scalars(select(Case).where(Case.process == "service_visit")).first()
        spec = spec_of(session, case.release_id)
    frames = json.loads(archived.browser("coordinator").get(f"/cases/{case.id}/replay.json").data)
    journey = journey_of(spec, [frame["element"] for frame in frames], ())
    painted = {one for frame in frames for one in (*frame["passed"], frame["element"])}
    assert painted == journey.flows | (journey.done - set(spec.starts)) | (painted & set(spec.starts))
    assert frames[0]["element"] == "dispatch_visit"
    assert "完成“" in frames[0]["text"]
    assert [frame["element"] for frame in frames][-1].startswith("end")
