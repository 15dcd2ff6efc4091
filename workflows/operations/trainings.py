"""Group trainings: planned for an audience, announced, held with sheet and material, assessed (第十五条)."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from store.numbers import take_number
from store.pages.audience import InsuredUnit, insured_units
from store.search import bigrams
from store.tables import GroupTraining, Notice, Person, RoleGrant, TrainingInvitation
from workflows.acts import Act
from workflows.audience import AudienceError, select_audience
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.attendance import read_attendance
from workflows.records import invitations_of, training_of
from workflows.subjects import existing

ROLE = "policyholder"


@operation("记培训计划", outputs=("training_id", "invited"))
def record_training_plan(act: Act, inputs: Inputs) -> Outputs:
    """Keep what is planned for whom, and name the case by it; a condition that reaches nobody is refused (第十五条)."""
    answers = Answers(inputs)
    audience = checked_audience(act, answers.text("audience_rule"))
    training = training_of(act) or _new_training(act)
    for name in ("topic", "audience", "focus", "audience_rule", "starts_at", "mode", "place", "speaker"):
        setattr(training, name, answers.text(name))
    training.planned_on = answers.day("planned_on") or act.today
    training.budget, training.state = answers.amount("budget"), "planned"
    act.case.title = f"集中培训 {training.topic}"
    act.case.bigrams = bigrams(f"{act.case.title} {act.case.number}")
    act.session.add(training)
    act.session.flush()
    act.say("training.planned", f"计划 {training.planned_on} 办“{training.topic}”，对象 {len(audience)} 家")
    return {"training_id": str(training.id), "invited": len(audience)}


def _new_training(act: Act) -> GroupTraining:
    number = take_number(act.session, act.case.org_id, "PX", act.today.year)
    return GroupTraining(number=number, case_id=act.case.id, **act.owners())


def checked_audience(act: Act, rule: str) -> list[InsuredUnit]:
    """Return the units that a condition means today. Raises: AnswersRefusedError if it is none, or means nobody."""
    try:
        found = audience_today(act, rule)
    except AudienceError as error:
        raise AnswersRefusedError({"audience_rule": error.problem}) from error
    if not found:
        raise AnswersRefusedError({"audience_rule": "没有一家保单在有效期内的单位符合这个条件，请放宽"})
    return found


def audience_today(act: Act, rule: str) -> list[InsuredUnit]:
    """Return the units that a condition means today. Raises: AudienceError."""
    units = insured_units(act.session, act.case.org_id, act.today)
    return select_audience(units, rule, act.now)


@operation("记培训审批", outputs=())
def record_training_approval(act: Act, inputs: Inputs) -> Outputs:
    """Keep why a plan is sent back."""
    training = training_of(act)
    if training is not None:
        training.opinion = Answers(inputs).text("opinion")
    return {}


@operation("邀请单位", inputs=("training_id",), outputs=("invited", "letters"))
def invite(act: Act, inputs: Inputs) -> Outputs:
    """Invite the audience: by the bell where a unit has an account, else by letter; nobody twice (第十五条)."""
    training = existing(act.session, GroupTraining, inputs["training_id"])
    known = {row.policyholder_id for row in invitations_of(act, training)}
    fresh = [unit for unit in audience_today(act, training.audience_rule) if unit.id not in known]
    reachable = with_account(act)
    for unit in fresh:
        channel = "account" if unit.id in reachable else "letter"
        act.session.add(invitation(act, training, unit, channel))
        if channel == "account":
            act.session.add(_announcement(act, training, unit))
    letters = sum(unit.id not in reachable for unit in fresh)
    act.say(
        "training.invited", f"邀请 {len(fresh)} 家单位，其中 {letters} 家没有账号，印邀请函", letters=letters
    )
    return {"invited": len(known) + len(fresh), "letters": letters}


def invitation(act: Act, training: GroupTraining, unit: InsuredUnit, channel: str) -> TrainingInvitation:
    """Return the invitation of a unit, which belongs to that unit."""
    return TrainingInvitation(
        training_id=training.id,
        channel=channel,
        invited_at=act.now,
        org_id=training.org_id,
        insurer_id=unit.insurer_id,
        policyholder_id=unit.id,
        region_code=unit.region_code,
        industry=unit.industry,
    )


def with_account(act: Act) -> set[object]:
    """Return the units that somebody may sign in for."""
    query = (
        select(Person.org_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == ROLE, RoleGrant.revoked_at.is_(None), Person.active.is_(True))
    )
    return set(act.session.scalars(query.distinct()))


def _announcement(act: Act, training: GroupTraining, unit: InsuredUnit) -> Notice:
    return Notice(
        role=ROLE,
        holder_id=unit.id,
        case_id=act.case.id,
        kind="notice",
        title=f"邀请参加集中培训“{training.topic}”，{training.planned_on} {training.starts_at} {training.place}",
        link=f"/gatherings/trainings/{training.id}",
        at=act.now,
    )


@operation("登记培训举办", outputs=())
def record_training(act: Act, inputs: Inputs) -> Outputs:
    """Keep how a training went: held with attendance, sheet and material, put off, or cancelled (第十五条)."""
    answers, training = Answers(inputs), training_of(act)
    if training is None:
        return {}
    training.reason = answers.text("reason")
    if answers.text("outcome") == "held":
        _hold(act, training, answers)
    elif answers.text("outcome") == "cancelled":
        training.state = "cancelled"
        act.say("training.cancelled", f"集中培训取消：{training.reason}")
    else:
        act.say("training.postponed", f"集中培训改期：{training.reason}")
    return {}


def _hold(act: Act, training: GroupTraining, answers: Answers) -> None:
    units = insured_units(act.session, training.org_id, answers.day("held_on") or act.today)
    invited = {row.policyholder_id: row for row in invitations_of(act, training)}
    came = read_attendance(answers.text("attendance"), {unit.name: unit for unit in units})
    for unit, people in came.values():
        row = invited.get(unit.id) or invitation(act, training, unit, "walk_in")
        row.people = people
        act.session.add(row)
    _keep_proof(training, answers)
    training.held_on, training.state = answers.day("held_on") or act.today, "held"
    people = sum(number for _, number in came.values())
    act.say("training.held", f"{training.held_on} 举办集中培训，到场 {len(came)} 家 {people} 人")


def _keep_proof(training: GroupTraining, answers: Answers) -> None:
    """Keep sheet and material, without which nothing was held (第十五条)."""
    for name, title in (("sheet", "签到表"), ("material", "课件"), ("photos", "照片")):
        if not answers.many(name):
            raise AnswersRefusedError({name: f"没有{title}不能登记为已举办（第十五条）"})
        setattr(training, name, answers.many(name))


@operation("记培训评价和费用", outputs=("cost_entry",))
def record_training_evaluation(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the training was worth, and hand its cost on to the ledger (第六条、第十五条)."""
    answers, training = Answers(inputs), training_of(act)
    if training is not None:
        training.score, training.improvements = answers.amount("score"), answers.text("improvements")
    return {"cost_entry": _cost(answers) if answers.text("has_cost") == "yes" else None}


def _cost(answers: Answers) -> Mapping[str, object]:
    return {
        "insurer_id": answers.text("plan"),
        "amount": answers.amount("amount"),
        "category": answers.text("category"),
        "payee": answers.text("payee"),
        "voucher": answers.many("voucher"),
    }


def trainings_of_year(act: Act) -> Sequence[GroupTraining]:
    """Return the provider's trainings of this year, cancelled ones as well."""
    year = act.today.year
    query = select(GroupTraining).where(
        GroupTraining.org_id == act.case.org_id,
        GroupTraining.planned_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return act.session.scalars(query.order_by(GroupTraining.planned_on, GroupTraining.id)).all()
