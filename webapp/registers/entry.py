"""Entering and correcting a record by hand, on a form that its sheet's columns make."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import Register, register_of
from store.pages.record_history import changes_of
from webapp.dates import moment
from webapp.identity import actor, the_runtime
from webapp.registers.area import ANY_SECTION, SECTIONS, blueprint, importable, list_href, page_href
from webapp.registers.entry_form import EntryForm, Typed, entry_form, posted_texts
from webapp.registers.history import sentence_of
from webapp.texts import _
from workflows.errors import InvalidAnswersError, NotFoundError, StaleRecordError
from workflows.registers import ROSTERS, EnterRecord, WrittenRecord, enter_record, written_record

Answer = Response | str | tuple[str, int]
_SECTION = ANY_SECTION
_KINDS = {
    "policyholders": "policyholder",
    "policies": "policy",
    "claims": "claim",
    "year_facts": "year_fact",
    "people": "person",
    **{code: roster.record_kind for code, roster in ROSTERS.items()},
}


class EntryPage(Struct, frozen=True):
    """The page of a form: which register, which record, what to fill in."""

    register: str
    section: str
    title: str
    list_title: str
    list_href: str
    back_href: str
    form: EntryForm
    version: str
    notice: str
    is_new: bool


@blueprint.get(f"/{_SECTION}/new")
def new(section: str) -> str:
    """Show an empty form, with what the address already says (the unit of a policy)."""
    register = _register(section)
    given = {column.key: request.args.get(column.key, "")[:200] for column in register.columns}
    return _form(section, register, Typed(given), None)


@blueprint.post(f"/{_SECTION}/new")
def enter(section: str) -> Answer:
    """Register what was typed."""
    return _keep(section, _register(section), None)


@blueprint.get(f"/{_SECTION}/<uuid:record_id>/edit")
def edit(section: str, record_id: UUID) -> str:
    """Show a record in its form."""
    register = _register(section)
    known = known_record(register, record_id)
    shown = {key: "" if key in known.secret else text for key, text in known.texts.items()}
    return _form(section, register, Typed(shown), known)


@blueprint.post(f"/{_SECTION}/<uuid:record_id>/edit")
def correct(section: str, record_id: UUID) -> Answer:
    """Correct a record."""
    register = _register(section)
    return _keep(section, register, known_record(register, record_id))


def _keep(section: str, register: Register, known: WrittenRecord | None) -> Answer:
    typed = posted_texts(register, request.form)
    record_id = known.id if known is not None else None
    command = EnterRecord(register.code, typed, record_id, request.form.get("version", "")[:40])
    try:
        kept = enter_record(the_runtime(), command, actor())
    except InvalidAnswersError as error:
        return _form(section, register, Typed(typed, error.errors), known), 422
    except StaleRecordError:
        if known is None:
            raise
        newer = Typed(typed, newer=known.texts)
        return _form(section, register, newer, known, notice=_who_was_faster(register, known.id)), 409
    flash(_("已登记") if known is None else _("已改好"))
    return redirect(page_href(register.code, kept), 303)


def _form(
    section: str, register: Register, typed: Typed, known: WrittenRecord | None, notice: str = ""
) -> str:
    of_register = list_href(register.code)
    page = EntryPage(
        register=register.code,
        section=section,
        title=_title(register, known),
        list_title=register.title,
        list_href=of_register,
        back_href=of_register if known is None else page_href(register.code, _shown_with(register, known)),
        form=entry_form(register, typed, known),
        version=known.version if known is not None else "",
        notice=notice,
        is_new=known is None,
    )
    return render_template("registers/entry.html", page=page)


def _title(register: Register, known: WrittenRecord | None) -> str:
    if known is None:
        return _("登记%(title)s", title=register.title)
    keys = ("name", "title", "number", "policyholder_name", "description")
    name = next((known.texts[key] for key in keys if known.texts.get(key)), "")
    return _("改%(title)s：%(name)s", title=register.title, name=name)


def _shown_with(register: Register, known: WrittenRecord) -> UUID:
    """Return whose page shows the record: an accident stands on the page of its year."""
    if register.code == "year_facts" and "dishonesty_listing" in known.omitted and known.parent is not None:
        return known.parent
    return known.id


def _who_was_faster(register: Register, record_id: UUID) -> str:
    """Return who changed what since the form was opened."""
    with the_runtime().database.read(actor().scope) as session:
        changes = changes_of(session, _KINDS[register.code], [record_id])
    what = f"{moment(changes[0].at)} {sentence_of(register.code, changes[0])}。" if changes else ""
    return _(
        "你打开以后，这一条被改过：%(what)s你填的内容都在下面；核对标出的地方，再存一次就以你的为准。",
        what=what,
    )


def _register(section: str) -> Register:
    register = register_of(SECTIONS[section])
    if register.code not in importable():
        abort(403)
    return register


def known_record(register: Register, record_id: UUID) -> WrittenRecord:
    """Return a record that the own office answers for. Raises: NotFoundError."""
    with the_runtime().database.read(actor().scope) as session:
        found = written_record(session, register.code, record_id)
    if found is None or found.owners.isdisjoint({actor().org_id}):
        raise NotFoundError(kind=register.code, id=str(record_id))
    return found
