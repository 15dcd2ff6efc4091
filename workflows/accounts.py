"""Accounts from the command line: `python3 run.py users add LOGIN ROLE --name … --organization …`."""

import argparse
import getpass
import os
import sys
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES, Party, Role, conflicting_roles
from store.scope import Scope
from store.search import bigrams
from store.tables import Organization, Person, RoleGrant
from workflows.errors import WorkflowError
from workflows.handlers.grants import fitting_kinds
from workflows.passwords import hash_password
from workflows.runtime import Runtime

OFFICE = "本系统运营单位"
FIRST = "python3 run.py users add admin security_admin --name 姓名"
SHORTEST = 12
PASSWORD_VARIABLE = "WEIRAN_PASSWORD"  # noqa: S105 — the name of a variable


class AccountError(WorkflowError):
    """An account cannot be made; the message says why and what to do."""


def add_person(
    session: Session,
    *,
    login: str,
    name: str,
    roles: tuple[str, ...],
    org_id: UUID,
    password: str | None,
    now: datetime,
) -> Person:
    """Add an account with roles; without a password nobody can sign in to it yet.

    Raises: AccountError for a known login or roles that exclude each other.
    """
    if session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise AccountError(f"账号“{login}”已经有了，换一个名字")
    if conflicting := conflicting_roles(roles):
        titles = "、".join(ROLES[code].title for code in conflicting)
        raise AccountError(f"{titles} 不能由同一个人兼任（三员分立）")
    person = Person(
        name=name,
        login=login,
        password_hash=hash_password(password) if password is not None else None,
        password_changed_at=now if password is not None else None,
        org_id=org_id,
        active=True,
        bigrams=bigrams(f"{name} {login}"),
    )
    session.add(person)
    session.flush()
    for role in roles:
        session.add(RoleGrant(person_id=person.id, role=role, granted_at=now))
    return person


def organization_for(session: Session, name: str, role: Role) -> Organization:
    """Return the organization of this name, made if there is none. Raises: AccountError if the role is none of its."""
    found = session.scalar(select(Organization).where(Organization.name == name))
    if found is not None and found.kind not in fitting_kinds(role):
        raise AccountError(f"“{role.title}”不是“{name}”这类机构的角色，换一家机构")
    if found is None:
        kind = "joint_office" if role.party is Party.SYSTEM else role.party.value
        found = Organization(kind=kind, name=name, status="active", bigrams=bigrams(name))
        session.add(found)
        session.flush()
    return found


def main(argv: list[str], runtime: Runtime) -> int:
    """Carry out `users add`; the password comes from the variable WEIRAN_PASSWORD or is asked for."""
    options = _parser().parse_args(argv)
    password = os.environ.get(PASSWORD_VARIABLE) or _ask()
    if len(password) < SHORTEST:
        print(f"密码至少 {SHORTEST} 个字符", file=sys.stderr)
        return 1
    role = ROLES[options.role]
    now = runtime.now()
    try:
        with runtime.database.write(Scope.everything("users add"), now=now) as session:
            office = organization_for(session, options.organization, role)
            add_person(
                session,
                login=options.login,
                name=options.name or options.login,
                roles=(options.role,),
                org_id=office.id,
                password=password,
                now=now,
            )
    except AccountError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"已添加账号 {options.login}（{role.title}）")
    return 0


def _parser() -> argparse.ArgumentParser:
    width = max(len(code) for code in ROLES)
    roles = "\n".join(f"  {code:<{width}}  {role.title}" for code, role in ROLES.items())
    parser = argparse.ArgumentParser(
        prog="run.py users",
        description=f"建账号并给角色。第一个账号建安全管理员，其他账号由他在网页上建：\n\n  {FIRST}",
        epilog=f"角色：\n{roles}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=["add"], help="建一个账号")
    parser.add_argument("login", help="登录名")
    parser.add_argument("role", choices=list(ROLES), metavar="role", help="角色，见下")
    parser.add_argument("--name", default="", help="姓名，不写就用登录名")
    parser.add_argument("--organization", default=OFFICE, help="所属机构，没有就新建；默认“%(default)s”")
    return parser


def _ask() -> str:
    """Return the password that is typed; nothing where nobody can type."""
    try:
        return getpass.getpass(f"密码（至少 {SHORTEST} 个字符）：")
    except EOFError:
        return ""
