"""Registering an endorsement (批改) and a surrender (退保) of a policy."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response
from wtforms import Form, StringField, TextAreaField

from documents.sheets.cells import CellError, amount, day
from store.pages.policy_page import PolicyFacts, policy_facts
from webapp import addresses
from webapp.dates import this_day
from webapp.identity import actor, the_runtime
from webapp.registers.area import blueprint, may_change
from webapp.registers.entry_form import FieldView
from webapp.texts import _
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from workflows.handlers.policies import EndorsePolicy, SurrenderPolicy, endorse_policy, surrender_policy

Answer = Response | str | tuple[str, int]
_LONGEST_REASON, _LONGEST_NUMBER = 200, 64


class EndorseForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What an endorsement says."""

    number = StringField()
    effective = StringField()
    premium_delta = StringField()
    reason = TextAreaField()


class SurrenderForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What a surrender says."""

    effective = StringField()
    refunded = StringField()
    reason = TextAreaField()


class ActPage(Struct, frozen=True):
    """The page of one act on a policy: what will follow, and its form."""

    policy: PolicyFacts
    act: str
    title: str
    button: str
    follows: str
    fields: tuple[FieldView, ...]
    key: str

    @property
    def wrong(self) -> tuple[FieldView, ...]:
        """Return the fields that are to be changed."""
        return tuple(field for field in self.fields if field.error)


@blueprint.get("/policies/<uuid:policy_id>/endorse")
def endorse(policy_id: UUID) -> str:
    """Show the form of an endorsement."""
    return _endorse_page(_policy(policy_id), EndorseForm(), {})


@blueprint.post("/policies/<uuid:policy_id>/endorse")
def register_endorsement(policy_id: UUID) -> Answer:
    """Register an endorsement; the quota follows."""
    policy, form = _policy(policy_id), EndorseForm(request.form)
    errors: dict[str, str] = {}
    effective = _day(form.effective.data, "effective", errors)
    delta = _amount(form.premium_delta.data, "premium_delta", errors)
    number, reason = _text(form.number.data), _text(form.reason.data)
    _short(number, "number", _LONGEST_NUMBER, errors)
    _short(reason, "reason", _LONGEST_REASON, errors)
    if errors or effective is None or delta is None:
        return _endorse_page(policy, form, errors), 422
    command = EndorsePolicy(policy_id, effective, delta, number, reason, _key())
    try:
        endorse_policy(the_runtime(), command, actor())
    except InvalidAnswersError as error:
        return _endorse_page(policy, form, error.errors), 422
    flash(_("已登记批改，应服务次数已按批改后的保费重算"))
    return redirect(url_for("registers.policy", policy_id=policy_id), 303)


@blueprint.get("/policies/<uuid:policy_id>/surrender")
def surrender(policy_id: UUID) -> str:
    """Show the form of a surrender."""
    return _surrender_page(_policy(policy_id), SurrenderForm(), {})


@blueprint.post("/policies/<uuid:policy_id>/surrender")
def register_surrender(policy_id: UUID) -> Answer:
    """Register a surrender; visits not begun fall away."""
    policy, form = _policy(policy_id), SurrenderForm(request.form)
    errors: dict[str, str] = {}
    effective = _day(form.effective.data, "effective", errors)
    refunded = _amount(form.refunded.data, "refunded", errors)
    reason = _text(form.reason.data)
    _short(reason, "reason", _LONGEST_REASON, errors)
    if errors or effective is None or refunded is None:
        return _surrender_page(policy, form, errors), 422
    try:
        surrender_policy(the_runtime(), SurrenderPolicy(policy_id, effective, refunded, reason), actor())
    except InvalidAnswersError as error:
        return _surrender_page(policy, form, error.errors), 422
    flash(_("已登记退保，未开始的服务不再安排"))
    return redirect(url_for("registers.policy", policy_id=policy_id), 303)


def _endorse_page(policy: PolicyFacts, form: Form, errors: Mapping[str, str]) -> str:
    span = _("%(first)s 至 %(last)s 之间", first=policy.term_start, last=policy.term_end)
    fields = (
        _field(form, "effective", _("生效日"), span, errors, kind="day"),
        _field(
            form, "premium_delta", _("保费变动"), _("加费填 12000，减费填 -12000"), errors, mode="decimal"
        ),
        _field(form, "number", _("批单号"), "", errors, optional=True),
        _field(form, "reason", _("批改原因"), "", errors, optional=True, kind="area"),
    )
    page = ActPage(
        policy=policy,
        act="register_endorsement",
        title=_("登记批改"),
        button=_("登记批改"),
        follows=_(
            "加费从生效日起重算应服务次数，只升不降；减费不减次。提交后不能撤回，登错了再登记一笔相反的批改。"
        ),
        fields=fields,
        key=str(_key() or uuid4()),
    )
    return render_template("registers/act.html", page=page)


def _surrender_page(policy: PolicyFacts, form: Form, errors: Mapping[str, str]) -> str:
    most = _("不超过签单保费 %(n)s 元", n=f"{policy.written_premium:,.2f}")
    fields = (
        _field(form, "effective", _("解除生效日"), _("从这一天起保单不再有效"), errors, kind="day"),
        _field(form, "refunded", _("退保金额"), most, errors, mode="decimal"),
        _field(form, "reason", _("退保原因"), "", errors, optional=True, kind="area"),
    )
    page = ActPage(
        policy=policy,
        act="register_surrender",
        title=_("登记退保"),
        button=_("登记退保"),
        follows=_("还没开始的服务会取消，不计欠次；已完成的照常回访、归档。提交后不能撤回。"),
        fields=fields,
        key="",
    )
    return render_template("registers/act.html", page=page)


def _field(  # what a field is, named at each call
    form: Form,
    key: str,
    label: str,
    hint: str,
    errors: Mapping[str, str],
    *,
    optional: bool = False,
    kind: str = "text",
    mode: str = "",
) -> FieldView:
    value = str(form[key].data or "")
    return FieldView(key, label, hint, kind, optional, value, (value,), (), errors.get(key, ""), mode=mode)


def _day(text: str | None, key: str, errors: dict[str, str]) -> date | None:
    try:
        found = day(_text(text)[:40])
    except CellError as error:
        errors[key] = str(error)
        return None
    if found is None:
        errors[key] = _("必填")
    return found


def _amount(text: str | None, key: str, errors: dict[str, str]) -> Decimal | None:
    try:
        found = amount(_text(text)[:40])
    except CellError as error:
        errors[key] = str(error)
        return None
    if found is None:
        errors[key] = _("必填")
    return found


def _text(text: str | None) -> str:
    return (text or "").strip()


def _short(text: str, key: str, most: int, errors: dict[str, str]) -> None:
    if len(text) > most:
        errors[key] = _("超过 %(n)s 个字", n=most)


def _key() -> UUID | None:
    """Return the key that came with the form, so that pressing twice leaves one endorsement."""
    return addresses.identity(request.form.get("key", ""))


def _policy(policy_id: UUID) -> PolicyFacts:
    """Return a policy of the own office. Raises: NotFoundError, NotAllowedError."""
    with the_runtime().database.read(actor().scope) as session:
        found = policy_facts(session, policy_id, this_day())
    if found is None:
        raise NotFoundError(kind="policy", id=str(policy_id))
    if not may_change("policies", (found.org_id, found.insurer_id)):
        raise NotAllowedError("policy")
    return found
