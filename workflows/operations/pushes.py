"""What is pushed online: drafted, reviewed, published to its audience of the day, counted after a week (第十二条)."""

from uuid import UUID

from sqlalchemy import func, select, update

from rules.online_push import delivered_share, missing_categories, needs_fixing
from rules.periods import period_of
from rules.vocabulary import label
from store.pages.audience import InsuredUnit
from store.pages.pushes import Reach, categories_of_year, reach_of
from store.search import bigrams
from store.tables import EvidenceFile, Notice, PushContent, PushDelivery
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import as_day
from workflows.operations.trainings import ROLE, audience_today, checked_audience, with_account
from workflows.subjects import existing

NO_ACCOUNT = "none"
_KEPT = ("category", "title", "body", "source", "audience_rule")


def _content(act: Act, inputs: Inputs) -> PushContent:
    return existing(act.session, PushContent, inputs["content_id"])


@operation("登记推送", inputs=("category", "last_day"), outputs=("content_id", "push_due"))
def open_push(act: Act, inputs: Inputs) -> Outputs:
    """Register a push: of the category that was asked for, else of the first one that the year lacks (第十二条)."""
    done = categories_of_year(act.session, act.case.org_id, act.today.year)
    missing = missing_categories(done)
    category = str(inputs["category"] or (missing[0] if missing else ""))
    content = PushContent(number=act.case.number, case_id=act.case.id, category=category, **act.owners())
    act.session.add(content)
    act.session.flush()
    due = as_day(inputs["last_day"]) or period_of("month", act.today).last_day
    return {"content_id": str(content.id), "push_due": due}


@operation("记推送内容", inputs=("content_id",))
def record_content(act: Act, inputs: Inputs) -> Outputs:
    """Keep what is pushed to whom and when; a condition that means nobody is refused (第十二条)."""
    answers, content = Answers(inputs), _content(act, inputs)
    if not answers.text("body").strip() and not answers.many("files"):
        raise AnswersRefusedError({"body": "正文和文件至少要有一样"})
    audience = checked_audience(act, answers.text("audience_rule"))
    for name in _KEPT:
        setattr(content, name, answers.text(name))
    content.files = answers.many("files")
    content.publish_on, content.expires_on = answers.day("publish_on"), answers.day("expires_on")
    content.state = "reviewing"
    act.case.title = f"推送 {content.title}"
    act.case.bigrams = bigrams(f"{act.case.title} {act.case.number}")
    act.say(
        "push.drafted",
        f"拟推送“{content.title}”（{label('push_category', content.category)}），对象 {len(audience)} 家",
    )
    return {}


@operation("记推送审核", inputs=("content_id",))
def record_content_review(act: Act, inputs: Inputs) -> Outputs:
    """Keep why a push is sent back, or that it waits for its day."""
    answers, content = Answers(inputs), _content(act, inputs)
    content.opinion = answers.text("opinion")
    content.state = "draft" if answers.text("decision") == "return" else "waiting"
    return {}


@operation("发布推送", inputs=("content_id",), outputs=("published_on", "sent"))
def publish_push(act: Act, inputs: Inputs) -> Outputs:
    """Send a push to its audience of today: policies in force; who refuses visits gets it as well (第十二条)."""
    content = _content(act, inputs)
    audience, reachable = audience_today(act, content.audience_rule), with_account(act)
    for unit in audience:
        act.session.add(_delivery(act, content, unit, has_account=unit.id in reachable))
        if unit.id in reachable:
            act.session.add(_announcement(act, content, unit))
    content.published_on, content.state = act.today, "published"
    files = EvidenceFile.id.in_([UUID(str(one)) for one in content.files])
    act.session.execute(
        update(EvidenceFile).where(files).values(subject=PushContent.__tablename__, subject_id=content.id)
    )
    reached = sum(unit.id in reachable for unit in audience)
    act.say("push.published", f"发布“{content.title}”，对象 {len(audience)} 家，{reached} 家有账号，站内送达")
    return {"published_on": act.today, "sent": len(audience)}


def _delivery(act: Act, content: PushContent, unit: InsuredUnit, *, has_account: bool) -> PushDelivery:
    return PushDelivery(
        content_id=content.id,
        channel="account" if has_account else NO_ACCOUNT,
        sent_at=act.now,
        delivered_at=act.now if has_account else None,
        org_id=content.org_id,
        insurer_id=unit.insurer_id,
        policyholder_id=unit.id,
        region_code=unit.region_code,
        industry=unit.industry,
    )


def _announcement(act: Act, content: PushContent, unit: InsuredUnit) -> Notice:
    return Notice(
        role=ROLE,
        holder_id=unit.id,
        case_id=act.case.id,
        kind="notice",
        title=f"{label('push_category', content.category)}：{content.title}",
        link=f"/gatherings/pushes/{content.id}",
        at=act.now,
    )


@operation("统计送达阅读", inputs=("content_id",), outputs=("delivered_rate", "read_rate", "needs_fixing"))
def measure_reading(act: Act, inputs: Inputs) -> Outputs:
    """Count what reached its units and what was read; too few reached means that contacts have to be put right."""
    content = _content(act, inputs)
    content.state = "measured"
    reach: Reach = reach_of(act.session, [content.id])[content.id]
    act.say("push.measured", f"对象 {reach.units} 家，送达 {reach.delivered} 家，已阅读 {reach.read} 家")
    return {
        "delivered_rate": delivered_share(reach.delivered, reach.units),
        "read_rate": delivered_share(reach.read, reach.delivered),
        "needs_fixing": needs_fixing(reach.delivered, reach.units, act.today),
    }


@operation("记补送", inputs=("content_id",))
def fix_contacts(act: Act, inputs: Inputs) -> Outputs:
    """Keep which units a push reached another way, and what is done about the rest."""
    answers, content = Answers(inputs), _content(act, inputs)
    content.fixed = answers.text("note")
    reached = set(answers.many("reached"))
    for delivery in failed_deliveries_of(act, content):
        if str(delivery.id) in reached:
            delivery.channel, delivery.delivered_at = answers.text("means"), act.now
    act.say("push.fixed", f"补送到 {len(reached)} 家：{content.fixed}")
    return {}


def failed_deliveries_of(act: Act, content: PushContent) -> list[PushDelivery]:
    """Return the deliveries that have not reached their units."""
    query = select(PushDelivery).where(
        PushDelivery.content_id == content.id, PushDelivery.delivered_at.is_(None)
    )
    return list(act.session.scalars(query.order_by(PushDelivery.id)))


def count_published(act: Act) -> int:
    """Return how many pushes the provider has published this year."""
    year = period_of("year", act.today)
    return (
        act.session.scalar(
            select(func.count()).where(
                PushContent.org_id == act.case.org_id,
                PushContent.published_on.between(year.first_day, year.last_day),
            )
        )
        or 0
    )
