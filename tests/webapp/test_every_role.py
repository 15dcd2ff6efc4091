"""Every address and every role: what the own people are answered, and what people of other organizations are.

A row is an address with one sign for each role. An address without a row fails, and so does an answer that is
not the one written here. `webapp/access.py` says who may open an area; this says what comes of it for a record.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any  # Any: a row of some table

import pytest
from flask import url_for
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from demo.accounts import PASSWORD
from rules.roles import ROLES, Party
from store.events import RecordDraft, append_records
from store.scope import owner_of
from store.tables import (
    Absence,
    Assessment,
    Case,
    CaseEvent,
    CaseFile,
    Claim,
    Complaint,
    Disposal,
    Document,
    Draft,
    Engagement,
    ExchangeMeeting,
    FiledReport,
    GroupTraining,
    Hazard,
    ImportRun,
    Incident,
    IndicatorSet,
    IndustryChecklist,
    Job,
    Notice,
    Organization,
    Person,
    Policy,
    PushContent,
    PushDelivery,
    Release,
    Subscription,
    TemplateRelease,
    TokenMove,
    TrainingInvitation,
    YearFact,
)
from store.tables.base import Base
from tests.support.sources import ROOT
from tests.webapp.conftest import EVERYTHING, Browser, City
from webapp import access
from workflows.accounts import add_person
from workflows.duties import begin_duty_for

SIGNS = {200: "o", 302: "o", 303: "o", 403: "x", 404: ".", 400: "?", 409: "?", 422: "?"}
"""o = opened or done, x = not for this role, . = as if it were not there, ? = the empty form comes back."""

Key = tuple[str, str]
"""The method and the endpoint of an address."""

ORDER = (
    *("coordinator", "expert", "return_visitor", "provider_manager", "provider_finance"),
    *("insurer", "insurer_finance", "complaint_officer", "policyholder"),
    *("joint_office", "district_office", "industry_authority", "agency_manager"),
    *("process_designer", "system_admin", "security_admin", "auditor"),
)
ELSEWHERE = tuple(role for role in ORDER if ROLES[role].party not in {Party.JOINT_OFFICE, Party.SYSTEM})
"""The roles that somebody of another organization holds as well."""

TEMPLATE_PAGES = ("begin_paper", "decide_paper", "paper", "paper_draft", "paper_sample", "save_paper")
TABLE = ROOT / "tests" / "webapp" / "every_role.txt"


class Row(Struct, frozen=True):
    """An address: its method and endpoint, and the signs of the own people and of the others, by role."""

    method: str
    endpoint: str
    own: Mapping[str, str]
    others: Mapping[str, str]


def _read(line: str) -> Row:
    """Read a row; an address of no record has no signs for the others: they are answered as the own people."""
    method, endpoint, *signs = line.split()
    joined = "".join(signs)
    own, others = joined[: len(ORDER)], joined[len(ORDER) :]
    known = zip(ELSEWHERE, others, strict=True) if others else ()
    return Row(method, endpoint, dict(zip(ORDER, own, strict=True)), dict(known))


ROWS = [_read(line) for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def _rules(city: City) -> Iterator[tuple[str, Rule]]:
    """Yield every address that wants a sign-in, once for each of its methods."""
    for rule in city.web.app.url_map.iter_rules():
        if rule.endpoint not in access.PUBLIC:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule


def test_every_address_has_its_row(archived):
    wanted = {(method, rule.endpoint) for method, rule in _rules(archived)}
    assert wanted == {(row.method, row.endpoint) for row in ROWS}
    assert set(ORDER) == set(ROLES)


def test_every_address_of_a_record_says_what_others_are_answered(archived):
    own = {
        "account",
        "admin",
    }  # one's own account; the offices that administer have nobody like them elsewhere
    wanted = {
        (method, rule.endpoint)
        for method, rule in _rules(archived)
        if any(name.endswith("_id") for name in rule.arguments) and rule.endpoint.partition(".")[0] not in own
    }
    assert wanted <= {(row.method, row.endpoint) for row in ROWS if row.others}


@pytest.mark.parametrize("role", ORDER)
def test_a_role_is_answered_as_the_table_says(archived, role):
    addresses = _addresses(archived)
    wanted = {(row.method, row.endpoint): row.own[role] for row in ROWS}
    assert _answers(archived.browser(role), addresses, wanted) == wanted
    if role in ELSEWHERE:
        wanted = {(row.method, row.endpoint): row.others[role] for row in ROWS if row.others}
        assert _answers(_elsewhere(archived, role), addresses, wanted) == wanted


def _answers(browser: Browser, addresses: Mapping[Key, str], asked: Collection[Key]) -> dict[Key, str]:
    """Return what comes of each address that is asked for."""
    told, token = {}, {"csrf_token": browser.csrf()}
    for (method, endpoint), address in addresses.items():
        if (method, endpoint) in asked:
            form = token if method == "POST" else None
            with browser.client.open(address, method=method, data=form) as answer:
                told[method, endpoint] = SIGNS.get(answer.status_code, str(answer.status_code))
    return told


def _elsewhere(city: City, role: str) -> Browser:
    """Return a browser of somebody with the same role in another organization of that kind."""
    now, kind = city.world.clock(), ROLES[role].party.value
    with city.web.runtime.database.write(EVERYTHING, now=now) as session:
        other = Organization(kind=kind, name="另一家", region_code="330381", industry="marine_fishery")
        session.add(other)
        session.flush()
        add_person(
            session,
            login="elsewhere",
            name="别处的人",
            roles=(role,),
            org_id=other.id,
            password=PASSWORD,
            now=now,
        )
    return city.browser("elsewhere")


def _addresses(city: City) -> dict[Key, str]:
    """Return (method, endpoint) → address, of records of the sample city; signing out comes last."""
    city.world.do("plan_rectification")
    asked = ("monthly_report", "2026-02", date(2026, 3, 1), city.world.offices.provider)
    begin_duty_for(city.world.runtime, *asked)
    with city.web.runtime.database.write(EVERYTHING, now=city.world.clock()) as session:
        _add_records(session, city)
        _add_disposal(session, city)
        _add_training(session, city)
        _add_meeting(session, city)
        _add_push(session, city)
        _add_draft(session, city)
        records = _records(session, city)
    found = {}
    with city.web.app.test_request_context():
        for method, rule in sorted(_rules(city), key=lambda item: item[1].endpoint == "account.logout"):
            known = records[""] | records.get(rule.endpoint, {})
            given = {name: known[name] for name in rule.arguments}
            found[method, rule.endpoint] = url_for(rule.endpoint, **given)
    return found


def _add_records(session: Session, city: City) -> None:
    """Add what the sample city has not: a claim, an assessment, an import, an incident, a notice, a person to spare."""
    now, provider = city.world.clock(), city.world.offices.provider
    policy = session.get_one(Policy, city.world.policy_id)
    days = {"occurred": date(2026, 4, 1), "reported": date(2026, 4, 2)}
    session.add(Claim(number="PA1", policy_id=policy.id, state="filed", **days, **owner_of(policy)))
    append_records(session, [RecordDraft("policy", policy.id, "imported", {}, provider)], None, now)
    session.add(
        ImportRun(register="policies", file_name="a", file_sha256="0", org_id=provider, started_at=now)
    )
    session.add(
        TokenMove(
            case_id=_one(session, Case, process="service_visit").id,
            **{name: [] for name in ("cancel", "start", "lost", "opens")},
            seen="x",
            reason="x",
            proposed_by=city.world.offices.people["system_admin_2"],
            proposed_at=now,
        )
    )
    about = {"policy_id": policy.id, "received_at": now, "due": now.date()}
    said = {"complainant": "王建国", "target": "provider", "request": "按时上门"}
    session.add(Complaint(number="TS1", **about, **said, **owner_of(policy)))
    session.add(Incident(kind="service", message="x", opened_at=now))
    session.add(
        Notice(kind="reminder", title="x", person_id=city.world.offices.people["coordinator"], at=now)
    )
    add_person(
        session, login="spare", name="某人", roles=("expert",), org_id=provider, password=PASSWORD, now=now
    )
    drafted = IndicatorSet(year=2026, object_kind="provider")
    session.add(drafted)
    session.flush()
    assessed = {"object_id": provider, "object_kind": "provider", "org_id": provider}
    session.add(Assessment(year=2026, set_id=drafted.id, **assessed))
    spare, expert = _one(session, Person, login="spare").id, city.world.offices.people["expert"]
    drafted = dict.fromkeys(("source", "frame", "sha256", "base_sha256"), "x")
    session.add(TemplateRelease(template="return_visit", saved_at=now, **drafted))
    days = {"starts_on": date(2026, 4, 1), "returns_on": date(2099, 4, 1)}
    session.add(Absence(person_id=spare, substitute_id=expert, set_at=now, **days))


def _add_disposal(session: Session, city: City) -> None:
    """Add a proposal of the sample city's insurer, and a draft of a checklist whose day is over."""
    policy, people = session.get_one(Policy, city.world.policy_id), city.world.offices.people
    listed = {"industry": "transport", "title": "x", "source": "x", "first_day": date(2020, 1, 1)}
    session.add(IndustryChecklist(code="transport_1", items=[], **listed))
    asked = {"proposed_by": people["insurer"], "proposed_at": city.world.clock(), "reason": "期满"}
    owners = {"org_id": policy.org_id, "insurer_id": policy.insurer_id}
    session.add(Disposal(number="XH1", volumes=[], list_sha256="0", **asked, **owners))


def _add_training(session: Session, city: City) -> None:
    """Add a training that the sample city's unit was invited to."""
    policy = session.get_one(Policy, city.world.policy_id)
    training = GroupTraining(
        **dict.fromkeys(("number", "topic", "audience_rule"), "x"),
        audience="risk",
        mode="onsite",
        org_id=policy.org_id,
        case_id=_one(session, Case, process="service_cycle").id,
        planned_on=date(2026, 4, 1),
    )
    session.add(training)
    session.flush()
    invited = {"channel": "letter", "invited_at": city.world.clock()}
    session.add(TrainingInvitation(training_id=training.id, **invited, **owner_of(policy)))


def _add_meeting(session: Session, city: City) -> None:
    """Add a meeting to which the sample city's agency and expert were asked."""
    people = city.world.offices.people
    agency = _one(session, Person, login="agency_manager").org_id
    meeting = ExchangeMeeting(
        number="x",
        case_id=_one(session, Case, process="service_cycle").id,
        kind="quarterly",
        due=date(2026, 3, 31),
        participants=[str(agency), str(people["expert"])],
        org_id=city.world.offices.provider,
    )
    session.add(meeting)
    session.flush()


def _add_push(session: Session, city: City) -> None:
    """Add a push that was sent to the sample city's unit."""
    policy = session.get_one(Policy, city.world.policy_id)
    case_id = _one(session, Case, process="service_cycle").id
    content = PushContent(number="x", case_id=case_id, title="x", org_id=policy.org_id)
    session.add(content)
    session.flush()
    sent = {"channel": "account", "sent_at": city.world.clock()}
    session.add(PushDelivery(content_id=content.id, **sent, **owner_of(policy)))


def _add_draft(session: Session, city: City) -> None:
    """Add a draft that the other process designer holds."""
    release = _one(session, Release, process="service_visit")
    holder = city.world.offices.people["process_designer_2"]
    base = {"definition_id": release.definition_id, "base_release_id": release.id, "files": release.manifest}
    session.add(Draft(holder_id=holder, saved_at=city.world.clock(), **base))
    session.flush()


def _records(session: Session, city: City) -> dict[str, dict[str, object]]:
    """Return the parameters of addresses by endpoint, with records of the sample city; "" = of any endpoint."""
    closing = {"case_id": _one(session, Case, process="hazard_closure").id}
    waiting = _one(session, Subscription, name="extension_requested", **closing)
    of_message = {**closing, "subscription_id": waiting.id}
    of_template = {"template": "return_visit", "release": _one(session, TemplateRelease).id}
    of_cycle = {"case_id": _one(session, Case, process="service_cycle").id, "kind": "refusal"}
    return {
        "": {**_general(session, city), **_kept(session), **_designed(session)},
        "admin.record": {"kind": "policy"},
        "admin.revoke": {"role": "expert"},
        **{
            f"{area}.{name}": {"kind": "suspend"}
            for area in ("admin", "cases")
            for name in ("intervention", "carry_out_intervention")
        },
        **{f"beginnings.{name}": {"process": "complaint"} for name in ("begin", "show")},
        "cases.message": of_message,
        "cases.open_beside": of_cycle,
        "cases.opening": of_cycle,
        "cases.send": of_message,
        **{f"compliance.{name}": {"key": "archive"} for name in ("show", "sheet")},
        "inbox.verb": {"verb": "urge"},
        "inbox.carry_out": {"verb": "urge"},
        **{
            f"registers.{name}": {"section": "engagements", "record_id": _one(session, Engagement).id}
            for name in ("attach", "issue_paper", "roster", "roster_list")
        },
        "registers.person": {"person_id": city.world.offices.people["expert"]},
        **{f"studio.{name}": of_template for name in TEMPLATE_PAGES},
    }


def _kept(session: Session) -> dict[str, object]:
    volume = session.scalars(select(CaseFile).where(CaseFile.visit_id.is_not(None))).first()
    assert volume is not None
    return {
        "checklist_id": _one(session, IndustryChecklist).id,
        "disposal_id": _one(session, Disposal).id,
        "volume_id": volume.id,
    }


WORDS = {
    "board": "risk",
    "format": "xes",
    "name": "visits_by_insurer",
    "process": "service_visit",
    "register": "policies",
    "section": "policies",
    "side": "1",
    "start": "complaint_made",
    "verb": "comment",
}
"""Words of addresses that name no record."""


def _general(session: Session, city: City) -> dict[str, object]:
    visit, hazard = _one(session, Case, process="service_visit"), _one(session, Hazard)
    done = _one(session, CaseEvent, case_id=visit.id, kind="step.completed")
    spare = _one(session, Person, login="spare")
    return {
        "absence_id": _one(session, Absence).id,
        "assessment_id": _one(session, Assessment).id,
        "case_id": visit.id,
        "complaint_id": _one(session, Complaint).id,
        "claim_id": _one(session, Claim).id,
        "content_id": _one(session, PushContent).id,
        "document_id": _one(session, Document, template="visit_record").id,
        "fact_id": _one(session, YearFact).id,
        "file_id": hazard.photos_before[0],
        "hazard_id": hazard.id,
        "incident_id": _one(session, Incident).id,
        "job_id": _one(session, Job, kind="seal_package").id,
        "meeting_id": _one(session, ExchangeMeeting).id,
        "move_id": _one(session, TokenMove).id,
        "notice_id": _one(session, Notice).id,
        "organization_id": city.world.offices.provider,
        **dict.fromkeys(("person_id", "session_id"), spare.id),
        "place": f"{done.version}.{done.n}",
        "policy_id": city.world.policy_id,
        **WORDS,
        "record_id": city.world.policy_id,
        "report_id": _one(session, FiledReport).id,
        "run_id": _one(session, ImportRun).id,
        "set_id": _one(session, IndicatorSet).id,
        "training_id": _one(session, GroupTraining).id,
        "unit_id": city.world.offices.unit,
        "work_item_id": city.world.item("submit_rectification").id,
    }


def _designed(session: Session) -> dict[str, object]:
    release = _one(session, Release, process="service_visit")
    return {"draft_id": _one(session, Draft).id, "release_id": release.id}


def _one(session: Session, table: type[Base], **columns: object) -> Any:  # a row of the table
    return session.scalars(select(table).filter_by(**columns).limit(1)).one()
