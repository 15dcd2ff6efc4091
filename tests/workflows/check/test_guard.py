"""Drafts of shipped processes that keep an article's label and lead round it; each trick is told by its article."""

import json
from collections.abc import Iterator
from functools import cache

import pytest
from lxml import etree

from rules.articles import articles
from rules.demands import END, START
from workflows.bundles import Bundle, check_bundle, shipped_bundle
from workflows.check import walk
from workflows.check.guard import guard_findings
from workflows.check.ways import marks_of
from workflows.engine import DiagramError, Spec
from workflows.engine.parser import DiagramReader
from workflows.engine.xml import BPMN, WEIRAN, parse_xml

TIMER = f'<timerEventDefinition xmlns="{BPMN}"><timeDuration>duration("P1D")</timeDuration></timerEventDefinition>'
PROCESSES = sorted({demand.process for article in articles() for demand in article.demands})


def timed(identity: str, host: str, how: str = "") -> str:
    """A boundary event that fires after a day."""
    return (
        f'<boundaryEvent xmlns="{BPMN}" id="{identity}" attachedToRef="{host}" {how}>{TIMER}</boundaryEvent>'
    )


@cache
def shipped(process: str) -> Bundle:
    return shipped_bundle(process)


class Draft:
    """A shipped bundle whose files are about to be changed."""

    def __init__(self, process: str) -> None:
        self.files = dict(shipped(process).files)
        self.name = f"diagrams/{process}.bpmn"
        self.tree = etree.fromstring(self.files[self.name])

    def __getitem__(self, identity: str) -> etree._Element:
        return self.tree.xpath(f"//*[@id='{identity}']")[0]

    def flow(self, source: str, target: str) -> etree._Element:
        return self.tree.xpath(f"//*[@sourceRef='{source}' and @targetRef='{target}']")[0]

    def lead(self, flow: etree._Element, target: str) -> None:
        flow.set("targetRef", target)

    def add(self, beside: str, source: str) -> etree._Element:
        element = etree.fromstring(source)
        self[beside].getparent().append(element)
        return element

    def connect(self, source: str, target: str, when: str | None = None) -> etree._Element:
        flow = self.add(target, f'<sequenceFlow xmlns="{BPMN}" id="new_{source}_{target}"/>')
        flow.attrib.update({"sourceRef": source, "targetRef": target})
        if when is not None:
            etree.SubElement(flow, f"{{{BPMN}}}conditionExpression").text = when
        return flow

    def set(self, identity: str, name: str, value: str | None) -> None:
        if value is None:
            del self[identity].attrib[f"{{{WEIRAN}}}{name}"]
        else:
            self[identity].set(f"{{{WEIRAN}}}{name}", value)

    def operation(self, identity: str, name: str) -> None:
        self[identity].find(f".//{{{WEIRAN}}}operation").set("name", name)

    def input(self, identity: str, name: str, value: str) -> None:
        self[identity].find(f".//{{{WEIRAN}}}input[@name='{name}']").set("value", value)

    def output(self, identity: str, name: str, value: str) -> None:
        holder = self[identity].find(f"{{{BPMN}}}extensionElements")
        found = holder.find(f"{{{WEIRAN}}}output[@name='{name}']")
        output = etree.SubElement(holder, f"{{{WEIRAN}}}output", name=name) if found is None else found
        output.set("value", value)

    def ask(self, form: str, key: str, **changes: object) -> None:
        name = f"forms/{form}.json"
        source = json.loads(self.files[name])
        pending = list(source["components"])
        while pending:
            part = pending.pop()
            pending.extend(part.get("components", ()))
            if part.get("key") == key:
                part.update(changes)
        self.files[name] = json.dumps(source).encode()

    def bundle(self) -> Bundle:
        return Bundle({**self.files, self.name: etree.tostring(self.tree)})

    def told(self) -> Iterator[str]:
        """Return the rules and sentences of the guard, whatever else is wrong with the drawing."""
        bundle = self.bundle()
        spec = Spec(DiagramReader(parse_xml(bundle.diagram)).read())
        return [
            f"{one.rule} {one.message_zh}" for one in guard_findings(spec, bundle.form) if one.weight == "E"
        ]


def _dead_branch(draft: Draft) -> None:
    draft.flow("any_hazards", "issue_hazard_notice")[0].text = "hazard_count > 1000"


def _never(draft: Draft) -> None:
    draft.flow("any_hazards", "issue_hazard_notice")[0].text = "hazard_count > 0 and false"


def _swapped(draft: Draft) -> None:
    to_notice, round_it = (
        draft.flow("any_hazards", "issue_hazard_notice"),
        draft.flow("any_hazards", "hazards_told"),
    )
    draft.lead(to_notice, "hazards_told")
    draft.lead(round_it, "issue_hazard_notice")


def _told_nothing_found(draft: Draft) -> None:
    draft.output("scan_anomalies", "hazard_count", "0")


def _interrupted(draft: Draft) -> None:
    draft.add("make_return_visit", timed("late", "make_return_visit"))
    draft.connect("late", "called_back")


def _second_token(draft: Draft) -> None:
    draft.add("compile_records", timed("early", "compile_records", 'cancelActivity="false"'))
    draft.connect("early", "called_back")


def _ended_by_an_event(draft: Draft) -> None:
    inside = '<endEvent id="o2"/><sequenceFlow id="o3" sourceRef="o1" targetRef="o2"/>'
    event = f'<subProcess xmlns="{BPMN}" id="over" triggeredByEvent="true"><startEvent id="o1">{TIMER}</startEvent>'
    draft.add("fork", f"{event}{inside}</subProcess>")


def _killed_beside(draft: Draft) -> None:
    draft.add("compile_records", timed("kill", "compile_records", 'cancelActivity="false"'))
    draft.add(
        "compile_records", f'<endEvent xmlns="{BPMN}" id="killed"><terminateEventDefinition/></endEvent>'
    )
    draft.connect("kill", "killed")


def _label_moved(draft: Draft) -> None:
    draft.operation("make_return_visit", "record_low_score")
    draft.set("handle_low_score", "article", "19")


def _many_or_none(draft: Draft) -> None:
    tag = "multiInstanceLoopCharacteristics"
    inside = "<loopCardinality>0</loopCardinality>"
    draft["make_return_visit"].append(etree.fromstring(f'<{tag} xmlns="{BPMN}">{inside}</{tag}>'))


def _back_before(draft: Draft) -> None:
    draft.lead(draft.flow("is_complete", "seal_archive"), "record_visit")
    draft.connect("complete_visit", "seal_archive")
    complete = draft.flow("complete_visit", "scan_anomalies")
    draft.add("fork", f'<exclusiveGateway xmlns="{BPMN}" id="again" default="first"/>')
    draft.lead(draft.flow("complete_visit", "seal_archive"), "again")
    complete.set("sourceRef", "again")
    complete.set("id", "first")
    draft.connect("again", "seal_archive", "can_archive")


def _cancelled_after(draft: Draft) -> None:
    draft.lead(draft.flow("is_complete", "compile_records"), "cancel_turned_away_visit")


def _entered_anyway(draft: Draft) -> None:
    draft.flow("is_permitted", "issue_entry_permit")[0].text = 'answer = "agree"'


def _permission_written(draft: Draft) -> None:
    draft.output("policyholder_confirm_visit", "permission_granted", "true")


def _sealed_in_a_branch(draft: Draft) -> None:
    draft.lead(draft.flow("called_back", "join"), "seal_archive")


def _told_itself(draft: Draft) -> None:
    event = '<messageEventDefinition messageRef="message_policy_surrendered"/>'
    draft.add("start", f'<intermediateThrowEvent xmlns="{BPMN}" id="told">{event}</intermediateThrowEvent>')
    draft.lead(draft.flow("is_declined", "issue_decline_notice"), "told")
    draft.connect("told", "await_offer")


def _lent_value(draft: Draft) -> None:
    """An item of a list hides a written value, and an error leads out past the archive."""
    loop = '<loopDataInputRef>["skip"]</loopDataInputRef><inputDataItem id="i" name="outcome"/>'
    inside = f"""<subProcess xmlns="{BPMN}" xmlns:w="{WEIRAN}" id="many"><multiInstanceLoopCharacteristics>{loop}
    </multiInstanceLoopCharacteristics><startEvent id="m1"/><exclusiveGateway id="m2" default="f3"/><endEvent id="m3"/>
    <endEvent id="m4"><errorEventDefinition/></endEvent><sequenceFlow id="f1" sourceRef="m1" targetRef="m2"/>
    <sequenceFlow id="f2" sourceRef="m2" targetRef="m4"><conditionExpression>outcome = "skip"</conditionExpression>
    </sequenceFlow><sequenceFlow id="f3" sourceRef="m2" targetRef="m3"/></subProcess>"""
    draft.add("fork", inside)
    event = '<boundaryEvent xmlns="{}" id="out" attachedToRef="many"><errorEventDefinition/></boundaryEvent>'
    draft.add("fork", event.format(BPMN))
    draft.lead(draft.flow("complete_visit", "scan_anomalies"), "many")
    draft.connect("many", "scan_anomalies")
    draft.connect("out", "end_cancelled")


def _kept_back(draft: Draft) -> None:
    timer = TIMER.replace("P1D", "P30D")
    draft.add(
        "fork",
        f'<intermediateCatchEvent xmlns="{BPMN}" id="month" name="等一个月">{timer}</intermediateCatchEvent>',
    )
    draft.lead(draft.flow("fork", "make_return_visit"), "month")
    draft.connect("month", "make_return_visit")


TRICKS = [
    ("service_visit", _kept_back, "article_deadline 第十九条：“等一个月”让“回访”"),
    (
        "service_visit",
        lambda d: d.set("sign_notice", "role", 'if raised then "coordinator" else lead_id'),
        "article_role",
    ),
    (
        "service_cycle",
        lambda d: d.output("compute_visit_quota", "signed_on", "today()"),
        "article_variable “",
    ),
    (
        "hazard_closure",
        lambda d: d.input("set_recheck_deadline", "level", '"general"'),
        "article_deadline 第二十一条",
    ),
    (
        "hazard_closure",
        lambda d: d.input("set_plan_deadline", "kind", '"scheme"'),
        "article_deadline 第二十一条",
    ),
    (
        "service_visit",
        lambda d: d.input("make_return_visit", "visit_id", "policy_id"),
        "article_input 第十九条",
    ),
    ("hazard_closure", _told_itself, "第十九条：到“结束”之前要先“决定拒保以后告知主管部门”"),
    ("service_visit", _lent_value, "第七条：到“结束”之前要先“服务完成以后归档”"),
    ("service_visit", _dead_branch, "article 第十八条：到“归档”之前要先“送达告知书”"),
    ("service_visit", _never, "article 第十八条：到“归档”之前要先“送达告知书”"),
    ("service_visit", _swapped, "article 第二十一条：到“归档”之前要先“每条隐患开闭环单”"),
    ("service_visit", _told_nothing_found, "article_variable “"),
    ("service_visit", _interrupted, "article 第十九条：到“归档”之前要先“回访”，有一路绕开了"),
    ("service_visit", _second_token, "article 第十九条：到“归档”之前要先“回访”，有一路绕开了"),
    ("service_visit", _ended_by_an_event, "article 第七条：到“结束”之前要先“归档”"),
    ("service_visit", _killed_beside, "article 第七条：到“结束”之前要先“服务完成以后归档”"),
    ("service_visit", _label_moved, "article 第十九条：到“归档”之前要先“回访”，没有环节做"),
    ("service_visit", _many_or_none, "article 第十九条：到“归档”之前要先“回访”，有一路绕开了"),
    ("service_visit", _back_before, "article 第十九条：到“归档”之前要先“回访”，有一路绕开了"),
    ("service_visit", _cancelled_after, "article 第七条：到“结束”之前要先“服务完成以后归档”"),
    ("service_visit", _entered_anyway, "article 第十八条：到“进场签到”之前要先“得到进场允许”"),
    ("service_visit", _permission_written, "article_variable “"),
    ("service_visit", _sealed_in_a_branch, "article 第十九条：到“归档”之前要先“由投保单位确认记录”"),
    ("service_visit", lambda d: d.set("make_return_visit", "article", None), "article_label 第十九条"),
    (
        "service_visit",
        lambda d: d.set("make_return_visit", "deadline", "archive"),
        "article_deadline 第十九条",
    ),
    (
        "service_visit",
        lambda d: d.set("make_return_visit", "due", "add workdays(completed_on, 11)"),
        "article_deadline",
    ),
    (
        "service_visit",
        lambda d: d.set("make_return_visit", "due", 'completed_on + duration("P1M")'),
        "article_deadline",
    ),
    ("service_visit", lambda d: d.set("make_return_visit", "due", "today()"), "article_deadline 第十九条"),
    (
        "service_visit",
        lambda d: d.output("scan_anomalies", "archive_due", "add workdays(completed_on, 21)"),
        "article_deadline",
    ),
    (
        "service_visit",
        lambda d: d.output("complete_visit", "return_visit_due", 'result.return_visit_due + duration("P9D")'),
        "article_deadline",
    ),
    (
        "service_visit",
        lambda d: d.set("policyholder_confirm_visit", "role", '"coordinator"'),
        "article_role 第十八条",
    ),
    (
        "service_visit",
        lambda d: d.set("sign_notice", "role", 'if major_count > 0 then "policyholder" else "coordinator"'),
        "article_role",
    ),
    ("service_visit", lambda d: d.set("serve_hazard_notice", "wall", None), "article_wall 第十八条"),
    ("service_visit", lambda d: d["major_found"].set("cancelActivity", "true"), "article_event 第十八条"),
    ("service_visit", lambda d: d.set("make_return_visit", "form", "handle_low_score"), "没有“method”这一项"),
    ("service_visit", lambda d: d.ask("make_return_visit", "opinion", validate={}), "“opinion”可以不填"),
    (
        "service_visit",
        lambda d: d.ask("make_return_visit", "method", conditional={"hide": "=true"}),
        "“method”会被隐藏",
    ),
    ("service_visit", lambda d: d.ask("make_return_visit", "method", readonly=True), "“method”可以不填"),
    ("service_visit", lambda d: d.ask("make_return_visit", "method", type="textfield"), "“method”换了样子"),
    (
        "service_refusal",
        lambda d: d.lead(d.flow("set_notice_deadline", "review_refusal_notice"), "await_change"),
        "第十三条",
    ),
    (
        "service_refusal",
        lambda d: d.lead(d.flow("is_delivered", "review_refusal_notice"), "file_refusal"),
        "第十三条：到“拒绝留档”之前要先“送达成功”",
    ),
    (
        "hazard_closure",
        lambda d: d.lead(d.flow("is_passed", "reopen_rectification"), "close_hazard"),
        "第二十一条：到“闭环”之前要先“复查合格才闭环”",
    ),
    (
        "hazard_closure",
        lambda d: d.lead(d.flow("is_major", "alert_major"), "set_plan_deadline"),
        "第二十一条",
    ),
    (
        "hazard_closure",
        lambda d: d.ask("plan_rectification", "harm_analysis", validate={}),
        "“harm_analysis”可以不填",
    ),
    (
        "complaint",
        lambda d: d.lead(d.flow("is_verified", "begin_verification"), "reply_complaint"),
        "第二十二条",
    ),
]


@pytest.mark.parametrize(("process", "trick", "sentence"), TRICKS)
def test_no_draft_leads_round_an_article(process, trick, sentence):
    draft = Draft(process)
    trick(draft)
    assert any(sentence in told for told in draft.told()), list(draft.told())


@pytest.mark.parametrize("process", PROCESSES)
def test_the_shipped_processes_do_what_the_articles_demand(process):
    assert [
        one for one in guard_findings(shipped(process).spec, shipped(process).form) if one.weight == "E"
    ] == []


@pytest.mark.parametrize("process", PROCESSES)
def test_what_the_articles_name_stands_in_the_shipped_process(process):
    spec, ends = shipped(process).spec, {END, START}
    marks = ends.union(*(marks_of(node) for node in spec.nodes.values()))
    written = {name for node in spec.nodes.values() for name, _ in node.get("outputs", ())}
    for article in articles():
        mine = [one for one in article.demands if one.process == process]
        named = {mark for one in mine for mark in (*one.by, *one.after, *one.until, *one.unless)}
        named |= {one.operation for one in article.asks if one.process == process}
        named |= {
            mark for one in (*article.trusts, *article.terms) if one.process == process for mark in one.by
        }
        assert named <= marks, article.name
        due = {f"{one.step_kind}_due" for one in article.terms if one.process == process}
        assert due - {"rectification_due"} <= written, article.name


def test_a_tighter_deadline_of_ones_own_is_no_fault():
    draft = Draft("service_visit")
    draft.set("make_return_visit", "due", "add workdays(completed_on, 9)")
    draft.set("compile_records", "due", 'archive_due - duration("P2D")')
    assert list(draft.told()) == []


def test_what_is_only_advised_may_be_left_out_for_a_reason():
    draft = Draft("exchange_meeting")
    draft.lead(draft.flow("call_meeting", "record_meeting"), "end_settled")
    assert any("第二十条" in told for told in draft.told())
    draft.tree.find(f"{{{BPMN}}}process").set(f"{{{WEIRAN}}}departs", "第二十条：太短")
    assert any("第二十条" in told for told in draft.told())
    draft.tree.find(f"{{{BPMN}}}process").set(
        f"{{{WEIRAN}}}departs", "第二十条：本季由市里统一开会，纪要另存"
    )
    assert list(draft.told()) == []


def test_a_reason_excuses_nothing_that_must_be_done():
    draft = Draft("service_visit")
    draft.lead(draft.flow("called_back", "join"), "seal_archive")
    draft.tree.find(f"{{{BPMN}}}process").set(
        f"{{{WEIRAN}}}departs", "第十九条：本单位不做回访，已与联席办说明"
    )
    assert any("第十九条" in told for told in draft.told())


def test_a_blocked_bundle_is_no_release_and_the_other_process_is_left_alone():
    draft = Draft("service_refusal")
    draft.set("file_delivery_proof", "wall", None)
    with pytest.raises(DiagramError) as told:
        check_bundle(draft.bundle())
    (finding,) = told.value.findings
    assert (finding.element, finding.rule) == ("file_delivery_proof", "article_wall")
    assert finding.fix is not None
    assert finding.fix.name == "set_wall"


def test_a_drawing_with_too_many_ways_is_refused(monkeypatch):
    monkeypatch.setattr(walk, "MOST", 5)
    assert any("图太绕" in told for told in Draft("service_refusal").told())


def test_a_hostile_drawing_is_judged_in_bounded_time():
    """Forty forks after one another, whose branches write a flag each that a way round the filing asks for."""
    draft = Draft("service_refusal")
    last = "start"
    for n in range(40):
        draft.add("start", f'<parallelGateway xmlns="{BPMN}" id="p{n}"/>')
        draft.add("start", f'<parallelGateway xmlns="{BPMN}" id="q{n}"/>')
        for side in "ab":
            source = draft.add("start", f'<serviceTask xmlns="{BPMN}" id="s{n}{side}"/>')
            holder = etree.SubElement(source, f"{{{BPMN}}}extensionElements")
            text = 'if today() = null then "x" else "y"'
            etree.SubElement(holder, f"{{{WEIRAN}}}output", name=f"flag{n}", value=text)
            draft.connect(f"p{n}", source.get("id"))
            draft.connect(source.get("id"), f"q{n}")
        draft.connect(last, f"p{n}")
        last = f"q{n}"
    asked = " and ".join(f'flag{n} = "x"' for n in range(40))
    draft.connect("is_delivered", "await_change", asked)
    draft.connect(last, "register_refusal")
    assert any(one.startswith("article ") for one in draft.told())
