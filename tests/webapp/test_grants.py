"""An auditor with a grant opens what it names, each look is written down, and with its end all is gone."""

import re
from datetime import timedelta

from store.access_log import Action
from store.tables import AccessLog, OfficeRecord, Organization
from tests.support.world import EVERYTHING

PAGES = ("/cases/?state=all", "/registers/units/", "/hazards/", "/fund/ledger")


def grant(city, days):
    today = city.world.clock().date()
    with city.web.runtime.database.write(EVERYTHING, now=city.world.clock()) as session:
        joint = session.query(Organization).filter_by(kind="joint_office").one()
        session.add(
            OfficeRecord(
                kind="inspection_grant",
                number="调阅-1",
                title="核查服务",
                party_id=city.world.offices.provider,
                day=today,
                until=today + timedelta(days=days),
                org_id=joint.id,
            )
        )


def looks(city):
    with city.web.runtime.database.read(EVERYTHING) as session:
        rows = session.query(AccessLog).filter_by(action=Action.INSPECTED.value).order_by(AccessLog.at)
        return [(row.object_kind, row.detail) for row in rows]


def test_a_grant_opens_its_business_to_the_auditor_and_closes_it_again(archived):
    auditor = archived.browser("auditor")
    before = {page: auditor.get(page).text for page in PAGES}
    assert "看业务内容要有调阅授权" in auditor.get("/cases/").text
    assert looks(archived) == []
    grant(archived, 1)
    cases = auditor.get(PAGES[0]).text
    case = re.search(r'href="(/cases/[0-9a-f-]{36})"', cases)[1]
    assert auditor.get(case).status_code == 200
    for page in PAGES[1:]:
        shown = auditor.get(page)
        assert shown.status_code == 200
        assert len(shown.text) > len(before[page]), page
    told = looks(archived)
    assert [kind for kind, _ in told] == [
        "cases.index",
        "cases.show",
        "registers.units",
        "hazards.index",
        "fund.ledger_page",
    ]
    assert told[1][1] == {"grants": ["调阅-1"], "case_id": case.rpartition("/")[2]}
    assert "按授权调阅" in auditor.get("/admin/accesses").text
    archived.world.clock.pass_by(days=2)
    auditor = archived.browser("auditor")
    assert auditor.get(case).status_code == 404
    assert auditor.get(PAGES[0]).text.count('href="/cases/') < cases.count('href="/cases/')
    assert len(looks(archived)) == len(told)
