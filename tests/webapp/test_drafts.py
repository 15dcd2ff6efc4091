"""Drafts through the pages: begun, saved, watched, copied, checked, thrown away."""

import io
import json
import re

import pytest

from tests.support.sources import ROOT

DIAGRAM = ROOT / "workflows" / "diagrams" / "service_refusal.bpmn"
FORM = ROOT / "forms" / "schemas" / "register_refusal.json"
SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


def _begin(browser, process="service_refusal"):
    """Begin to change a process; return the address of the draft."""
    answer = browser.post(f"/studio/{process}/drafts")
    assert answer.status_code == 303, answer.text
    return answer.location


def _save(browser, address, name, content, version, **options):
    sent = {"name": name, "version": str(version), "content": (io.BytesIO(content), name.rpartition("/")[2])}
    return browser.post(f"{address}/file", sent, content_type="multipart/form-data", **options)


def test_a_designer_begins_by_clicks_and_goes_on_with_the_same_draft(agreed):
    browser = agreed.browser("process_designer")
    assert 'action="/studio/service_refusal/drafts"' in browser.get("/studio/service_refusal").text
    address = _begin(browser)
    assert _begin(browser) == address
    assert f'href="{address}"' in browser.get("/studio/").text
    page = browser.get(f"{address}/check").text
    assert "没有要改的地方" in page
    assert "还没有改" in page


def test_what_was_saved_is_told_as_a_change_and_can_be_taken_back(agreed):
    browser = agreed.browser("process_designer")
    address = _begin(browser)
    drawn = DIAGRAM.read_bytes().replace("登记拒绝".encode(), "登记拒绝服务".encode())
    answer = _save(browser, address, "diagrams/service_refusal.bpmn", drawn, 1, headers=SCRIPT)
    assert answer.json == {"version": 2}
    assert browser.get(f"{address}/file").data == drawn
    assert "1 份文件和原来不同" in browser.get(f"{address}/check").text
    restored = browser.post(f"{address}/restore", {"name": "diagrams/service_refusal.bpmn", "version": "2"})
    assert restored.status_code == 303
    assert browser.get(f"{address}/file").data == DIAGRAM.read_bytes()


def test_an_old_version_is_not_saved_over_a_newer_one(agreed):
    browser = agreed.browser("process_designer")
    address = _begin(browser)
    form = json.loads(FORM.read_bytes())
    for title in ("甲", "乙"):
        form["properties"]["title"] = title
        answer = _save(
            browser, address, "forms/register_refusal.json", json.dumps(form).encode(), 1, headers=SCRIPT
        )
    assert answer.status_code == 409
    assert "又存过一次" in answer.json["detail"]
    kept = browser.get(f"{address}/file?name=forms/register_refusal.json").json
    assert kept is None or kept["properties"]["title"] == "甲"


def test_a_second_person_watches_and_goes_on_with_a_copy(agreed):
    first, second = agreed.browser("process_designer"), agreed.browser("process_designer_2")
    address = _begin(first)
    page = second.get(f"{address}/files").text
    assert "在改，你可以看" in page
    drawn = second.get(f"{address}/drawing").text
    assert 'name="协调员"' in drawn
    assert 'name="coordinator"' not in drawn
    assert "换一份" not in page
    assert _save(second, address, "forms/x.json", FORM.read_bytes(), 1).status_code == 403
    copy = second.post(f"{address}/branch").location
    assert copy != address
    assert _save(second, copy, "forms/x.json", FORM.read_bytes(), 1).status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("diagrams/service_refusal.bpmn", b"<definitions", "XML"),
        ("diagrams/service_refusal.bpmn", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "ENTITY"),
        (
            "diagrams/service_refusal.bpmn",
            (ROOT / "workflows/diagrams/complaint.bpmn").read_bytes(),
            "另一个流程",
        ),
        ("forms/x.json", b"[" * 5000, "读不出来"),
        ("forms/../../x.json", b"{}", "只能改"),
        ("templates/pre_contact.typ", b"x", "不在这里改"),
        ("calls/service_visit.bpmn", b"<a/>", "只能改"),
    ],
)
def test_what_cannot_be_read_or_is_not_of_the_process_is_refused_in_words(agreed, name, content, sentence):
    browser = agreed.browser("process_designer")
    address = _begin(browser)
    answer = _save(browser, address, name, content, 1, headers=SCRIPT)
    assert answer.status_code == 422
    assert sentence in answer.json["detail"]
    assert browser.get(f"{address}/file").data == DIAGRAM.read_bytes()


def test_a_form_begins_as_another_one_is(agreed):
    browser = agreed.browser("process_designer")
    address = _begin(browser)
    asked = {"name": "forms/register_refusal.json", "version": "1", "new": "second_look"}
    assert browser.post(f"{address}/copy", asked).status_code == 303
    assert browser.get(f"{address}/file?name=forms/second_look.json").data == FORM.read_bytes()
    assert "second_look" in [one["code"] for one in browser.get(f"{address}/choices").json["forms"]]
    for new, sentence in {"second_look": "已经有叫", "../x": "小写字母", "甲": "小写字母"}.items():
        refused = browser.post(f"{address}/copy", asked | {"version": "2", "new": new})
        assert refused.status_code == 422
        assert sentence in refused.text


def test_each_finding_names_its_file_and_leads_to_its_element(agreed):
    browser = agreed.browser("process_designer")
    address = _begin(browser)
    drawn = DIAGRAM.read_bytes().replace(b'name="record_refusal"', b'name="record_nothing"')
    sent = {"content": (io.BytesIO(drawn), "x.bpmn")}
    told = browser.post(f"{address}/check", sent, content_type="multipart/form-data", headers=SCRIPT).json[
        "problems"
    ]
    assert ("register_refusal", "operation") in [
        (one["element"], one["rule"]) for one in told if one["blocks"]
    ]
    assert [one["blocks"] for one in told] == sorted((one["blocks"] for one in told), reverse=True)
    _save(browser, address, "diagrams/service_refusal.bpmn", drawn, 1)
    form = FORM.read_bytes().replace(b'"type": "', b'"type": "un')
    _save(browser, address, "forms/register_refusal.json", form, 2)
    hrefs = re.findall(r'href="([^"]+)">去改', browser.get(f"{address}/check").text)
    assert f"{address}/files#file-register_refusal" in hrefs


def test_a_draft_that_was_thrown_away_is_gone(agreed):
    browser = agreed.browser("process_designer")
    address = _begin(browser)
    assert browser.post(f"{address}/discard").location == "/studio/service_refusal"
    assert browser.get(address).status_code == 404
    assert _begin(browser) != address
