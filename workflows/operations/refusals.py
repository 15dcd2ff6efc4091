"""A unit that refuses the service: registered, told in writing by the insurer, filed (第十三条)."""

from uuid import UUID

from sqlalchemy import select

from rules.refusal import CHANNELS, NOTIFIER, Willingness, obligation_after_refusal, willingness_after
from rules.refusal import RefusalNotice as Notice
from store.numbers import take_number
from store.tables import Policy, Policyholder, RefusalNotice
from workflows.acts import Act, Opening
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.quota import PROGRESS, progress
from workflows.subjects import existing, owners_of, unit_name


@operation("开拒绝服务单", inputs=("policy_id", "visit_id"), outputs=PROGRESS)
def open_refusal_case(act: Act, inputs: Inputs) -> Outputs:
    """Open the case in which a refusal is registered and answered in writing."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    visit_id = UUID(str(inputs["visit_id"])) if inputs.get("visit_id") else None
    notice = RefusalNotice(
        kind="service_refusal",
        policy_id=policy.id,
        visit_id=visit_id,
        state="draft",
        **act.owners(),
    )
    act.session.add(notice)
    act.session.flush()
    act.open_case(
        Opening(
            process="service_refusal",
            business_key=str(notice.id),
            number=take_number(act.session, policy.org_id, "JJ", act.today.year),
            title=f"{unit_name(act.session, policy)} 拒绝服务",
            variables={
                "refusal_id": str(notice.id),
                "policy_id": str(policy.id),
                "policy_end": policy.term_end,
            },
            subject=owners_of(policy, policy_id=policy.id, visit_id=visit_id),
        )
    )
    act.say("refusal.opened", "开拒绝服务单，等协调员登记")
    return progress(act, policy)


def open_refusals(act: Act, policy: Policy) -> list[UUID]:
    """Return the ids of the policy's refusals that were not taken back."""
    query = select(RefusalNotice.id).where(
        RefusalNotice.policy_id == policy.id,
        RefusalNotice.kind == "service_refusal",
        RefusalNotice.state != "withdrawn",
    )
    return list(act.session.scalars(query.order_by(RefusalNotice.id)))


def _notice(act: Act, inputs: Inputs) -> RefusalNotice:
    return existing(act.session, RefusalNotice, inputs["refusal_id"])


@operation("登记拒绝", inputs=("refusal_id",))
def record_refusal(act: Act, inputs: Inputs) -> Outputs:
    """Keep who refused what, when and why; the unit is not yet out of the coverage (D15)."""
    answers, notice = Answers(inputs), _notice(act, inputs)
    notice.case_id = act.case.id
    notice.extent, notice.refused_on = answers.text("scope"), answers.day("refused_on")
    notice.reason, notice.refused_by = answers.text("reason"), answers.text("refused_by")
    notice.evidence, notice.state = answers.many("proof"), "registered"
    if notice.extent == "all":
        _unit(act).willingness = "refused"
    act.say("refusal.registered", f"{notice.refused_by}表示拒绝：{notice.reason}")
    return {}


def _unit(act: Act) -> Policyholder:
    return existing(act.session, Policyholder, act.case.policyholder_id)


@operation("拟拒绝告知函", inputs=("refusal_id",))
def draft_refusal_notice(act: Act, inputs: Inputs) -> Outputs:
    """Keep the insurer's letter; only in writing or by e-mail (第十三条, D19)."""
    answers, notice = Answers(inputs), _notice(act, inputs)
    if answers.text("channel") not in CHANNELS:
        raise AnswersRefusedError({"channel": "只能书面或电子邮件告知（第十三条）"})
    notice.text, notice.channel = answers.text("letter"), answers.text("channel")
    notice.address, notice.state = answers.text("address"), "issued"
    return {}


@operation("存送达凭证", inputs=("refusal_id",))
def record_delivery_proof(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether and when the letter arrived, with its proof."""
    answers, notice = Answers(inputs), _notice(act, inputs)
    notice.delivery, notice.delivered_at = answers.text("delivery"), answers.moment("delivered_at")
    notice.proof, notice.result = answers.many("proof"), answers.text("return_reason")
    return {}


@operation("拒绝留档", inputs=("refusal_id",), outputs=("refused_filed",))
def file_refusal(act: Act, inputs: Inputs) -> Outputs:
    """File the refusal; only with a proof of delivery does the unit leave the coverage (第十三条, D15)."""
    notice = _notice(act, inputs)
    standing = willingness_after(Notice(notice.channel, NOTIFIER, bool(notice.proof), is_filed=True))
    if standing is not Willingness.REFUSED_FILED:
        raise AnswersRefusedError({"proof": "没有送达凭证不能留档（第十三条）"})
    notice.state, notice.filed_on = "filed", act.today
    if notice.extent == "all":
        _unit(act).willingness = standing.value
    act.say("refusal.filed", "拒绝已告知并留档")
    return {"refused_filed": True}


@operation("登记撤回", inputs=("refusal_id",))
def withdraw_refusal(act: Act, inputs: Inputs) -> Outputs:
    """Keep when and by whom the refusal was taken back."""
    answers, notice = Answers(inputs), _notice(act, inputs)
    notice.withdrawn_on = answers.day("withdrawn_on") or act.today
    notice.withdrawal_proof = answers.many("proof")
    act.say("refusal.withdrawn", f"{answers.text('withdrawn_by')}撤回拒绝")
    return {}


@operation("恢复服务义务", inputs=("refusal_id",), outputs=("willing", "remaining_required"))
def restore_willing(act: Act, inputs: Inputs) -> Outputs:
    """Owe the unit its visits again, if it took back its refusal in time (第十三条, D15)."""
    notice = _notice(act, inputs)
    notice.state = "withdrawn"
    policy = existing(act.session, Policy, notice.policy_id)
    status = progress(act, policy)
    done, short = (int(str(status[name])) for name in ("counted", "short"))
    found = obligation_after_refusal(notice.withdrawn_on, policy.term_end, done + short, done)
    _unit(act).willingness = found.status.value
    return {
        "willing": found.status is Willingness.WILLING,
        "remaining_required": found.remaining_required,
    }
