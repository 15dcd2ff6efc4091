"""A line of the ledger taken back in red: asked for by one person with the reason, approved by another (第六条)."""

from sqlalchemy import exists, select

from store.numbers import take_number
from store.scope import owner_of
from store.tables import FundEntry
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.subjects import existing

REVERSAL = "reversal"


@operation("申请红字冲销", inputs=(), outputs=("entry_id", "entry_number", "reversal_reason"))
def ask_for_reversal(act: Act, inputs: Inputs) -> Outputs:
    """Find the line that is to be taken back: of the own ledger, no reversal itself, not taken back before."""
    answers = Answers(inputs)
    number = answers.text("entry_number").strip()
    entry = act.session.scalar(
        select(FundEntry).where(FundEntry.org_id == act.case.org_id, FundEntry.number == number)
    )
    if entry is None:
        raise AnswersRefusedError({"entry_number": f"本单位的台账里没有 {number}，请从“费用”的台账里抄编号"})
    if entry.kind == REVERSAL:
        raise AnswersRefusedError({"entry_number": "这一笔本身就是红字冲销，不能再冲"})
    _require_standing(act, entry, "entry_number")
    act.case.title = f"红字冲销 {number}"
    act.case.insurer_id = entry.insurer_id
    return {
        "entry_id": str(entry.id),
        "entry_number": number,
        "reversal_reason": answers.text("reason"),
    }


@operation("审批红字冲销", inputs=())
def approve_reversal(act: Act, _inputs: Inputs) -> Outputs:
    """Let nobody approve what they have asked for themselves."""
    if act.actor.person_id == act.case.opened_by:
        raise AnswersRefusedError({"decision": "申请冲销的人不能自己批准，请另一个人办"})
    return {}


@operation("记红字冲销", inputs=("entry_id", "reason"), outputs=("number",))
def post_reversal(act: Act, inputs: Inputs) -> Outputs:
    """Post the line that takes another back; both stay (第六条)."""
    entry = existing(act.session, FundEntry, inputs["entry_id"])
    _require_standing(act, entry, "decision")
    number = take_number(act.session, entry.org_id, "FY", act.today.year)
    copied = ("amount", "category", "plan_id", "policy_id", "visit_id", "public_activity", "payee", "voucher")
    act.session.add(
        FundEntry(
            number=number,
            entry_date=act.today,
            kind=REVERSAL,
            reverses_id=entry.id,
            note=str(inputs["reason"]),
            case_id=act.case.id,
            approved_by=act.actor.person_id,
            **{name: getattr(entry, name) for name in copied},
            **owner_of(entry),
        )
    )
    act.say(
        "fund.reversed", f"红字冲销 {entry.number}，{entry.amount:,.2f} 元，记为 {number}", entry_id=entry.id
    )
    act.notify(f"{act.case.title}已记账", role="provider_finance")
    return {"number": number}


def _require_standing(act: Act, entry: FundEntry, field: str) -> None:
    if act.session.scalar(select(exists().where(FundEntry.reverses_id == entry.id))):
        raise AnswersRefusedError({field: f"{entry.number} 已经冲销过"})
