"""The log of contacts with a unit: noted by its coordinator, read by the others, and nothing typed is lost."""

import re
from io import BytesIO

import pytest
from PIL import Image

from store.tables import ContactLog, EvidenceFile
from tests.support.world import EVERYTHING
from workflows.errors import NotFoundError
from workflows.handlers.contacts import NoteContact, note_contact

SAID = {"contacted_at": "2026-03-02T08:30", "method": "phone", "contact": "王建国", "content": "约好下周上门"}


def address(city):
    return f"/registers/units/{city.world.offices.unit}/contacts"


def picture():
    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return BytesIO(out.getvalue())


def test_a_contact_is_noted_on_its_page_and_stands_on_the_units(city):
    browser = city.browser("coordinator")
    unit = browser.get(f"/registers/units/{city.world.offices.unit}").text
    assert address(city) in unit
    page = browser.get(address(city)).text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    sent = {**SAID, "key": key, "file": (picture(), "截图.png")}
    done = browser.post(address(city), sent, content_type="multipart/form-data", follow_redirects=True).text
    assert "约好下周上门" in done
    for login in ("provider_manager", "insurer", "policyholder"):
        other = city.browser(login)
        seen = other.get(address(city)).text
        assert "截图.png" in seen
        with other.get(re.search(r'href="(/files/[^"]+)"', seen)[1]) as file:
            assert file.status_code == 200
        assert ("记一次联系" in seen) is (login == "provider_manager")
    unit = browser.get(f"/registers/units/{city.world.offices.unit}").text
    assert "电话联系王建国：约好下周上门" in unit


@pytest.mark.parametrize(
    "wrong",
    [
        {"contacted_at": "2026-03-09T08:30"},
        {"contacted_at": "x"},
        {"method": "x"},
        {"contact": " "},
        {"content": ""},
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(city, wrong):
    answer = city.browser("coordinator").post(address(city), {**SAID, **wrong})
    assert answer.status_code == 422
    assert "还有 1 处要改" in answer.text
    assert ("约好下周上门" in answer.text) is ("content" not in wrong)
    with city.web.runtime.database.read(EVERYTHING) as session:
        assert session.query(ContactLog).count() == 0


def test_a_file_of_somebody_else_is_not_taken_along(archived):
    browser = archived.browser("coordinator")
    page = browser.get(f"/registers/units/{archived.world.offices.unit}").text
    assert "联系记录" in page
    with archived.web.runtime.database.read(EVERYTHING) as session:
        foreign = session.query(EvidenceFile).filter(EvidenceFile.case_id.is_not(None)).first().id
    command = NoteContact(archived.world.offices.unit, **SAID, file_ids=(foreign,), key="k")
    with pytest.raises(NotFoundError):
        note_contact(archived.web.runtime, command, archived.world.actor("coordinator"))
