"""Changing the own password."""

from sqlalchemy import select
from sqlalchemy.orm import undefer

from store.tables import Person
from webapp import sessions
from webapp.identity import SIGN_IN
from webapp.passwords import weaknesses
from webapp.sessions import SignedIn
from webapp.texts import _
from workflows.passwords import hash_password, password_fits
from workflows.runtime import Runtime


def change_password(
    runtime: Runtime, who: SignedIn, *, current: str, new: str, repeated: str, mixed: bool
) -> list[str]:
    """Change the password and end all other sessions; return what stands against it, in words."""
    with runtime.database.read(SIGN_IN) as session:
        person = session.scalars(
            select(Person)
            .where(Person.id == who.person_id)
            .options(undefer(Person.password_hash), undefer(Person.mobile))
        ).one()
    if not password_fits(person.password_hash, current):
        return [_("现在的密码不对")]
    words = [who.name, who.login, who.org_name, person.mobile or ""]
    problems = weaknesses(new, about_person=words, mixed=mixed)
    if new != repeated:
        problems.append(_("两次输入的新密码不一样"))
    if new == current:
        problems.append(_("新密码要和现在的不同"))
    if problems:
        return problems
    hashed, now = hash_password(new), runtime.now()
    with runtime.database.write(SIGN_IN, now=now, actor=who.person_id) as session:
        changed = session.get_one(Person, who.person_id)
        changed.password_hash, changed.password_changed_at = hashed, now
        changed.must_change_password = False
        sessions.revoke_others(session, who.person_id, now, but=who.session_id)
    return []
