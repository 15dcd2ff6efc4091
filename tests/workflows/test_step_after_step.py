"""What a step is told of the one before: why it came back, what was agreed, whom to call."""

import re
from collections.abc import Mapping

from forms.render import FormView
from forms.schema import parse_form
from store.tables import Case
from tests.support.forms import SCHEMAS
from tests.support.world import EVERYTHING, World, tell
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.runtime import SHANGHAI

HIDDEN = re.compile(r"<div[^>]* hidden><p>[^<]*</p></div>")
ASKED = ("lead", "technical_measures", "service_from")


def form_of(world: World, step: str) -> tuple[str, Mapping[str, object]]:
    """Return the form of an open step as it is shown, and what it is filled with."""
    item = world.item(step)
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        case = session.get_one(Case, item.case_id)
        context = answering_context(
            new_act(world.runtime, session, case, world.actor("coordinator"), world.clock.at)
        )
        written = str(FormView(parse_form((SCHEMAS / f"{step}.json").read_bytes()), context))
        return HIDDEN.sub("", written), {name: context.prefill.get(name) for name in ASKED}


def test_a_declined_visit_says_who_declined_and_why_and_names_another(opened):
    shown, first = form_of(opened, "dispatch_visit")
    assert "上一位没有接单" not in shown
    opened.do("dispatch_visit", lead=first["lead"], team=[first["lead"]])
    opened.do("accept_visit", accepted="no", reason="当天有别的安排")
    shown, again = form_of(opened, "dispatch_visit")
    assert "，当天有别的安排" in shown
    assert again["lead"] != first["lead"]


def test_a_postponed_visit_keeps_what_was_agreed_and_takes_the_time_that_was_asked_for(arranged):
    wanted = (arranged.clock.at.astimezone(SHANGHAI).replace(second=0, microsecond=0)).isoformat()
    arranged.do("policyholder_confirm_visit", answer="reschedule", new_time=wanted)
    shown, filled = form_of(arranged, "arrange_pre_contact")
    assert "单位要求改期" in shown
    assert filled["technical_measures"]
    assert filled["service_from"].isoformat() == wanted


def test_the_return_visitor_reads_whom_to_call(arranged):
    arranged.do("policyholder_confirm_visit", answer="agree", site_contact="王建国 13800000000")
    arranged.clock.pass_by(hours=4)
    arranged.do("check_in", entry_admitted=True)
    arranged.clock.pass_by(hours=2)
    tell(arranged)
    shown, _ = form_of(arranged, "make_return_visit")
    assert "王建国 13800000000" in shown


def test_a_fee_that_was_never_refused_says_nothing_of_it(told):
    told.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    told.do("compile_records")
    told.do("policyholder_confirm_record", record_answer="agree")
    told.do("provider_sign_record")
    shown, _ = form_of(told, "settle_visit_fee")
    assert "没有入账" not in shown
