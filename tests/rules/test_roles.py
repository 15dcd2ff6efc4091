import pytest

from rules.roles import ROLES, Party, conflicting_roles


def test_every_role_has_a_chinese_title_of_its_own():
    titles = [role.title for role in ROLES.values()]
    assert len(set(titles)) == len(titles) == 17


def test_each_party_of_the_standard_has_a_role():
    assert {role.party for role in ROLES.values()} == set(Party)


@pytest.mark.parametrize(
    ("held", "conflict"),
    [
        (["coordinator", "expert"], ()),
        (["system_admin", "process_designer"], ()),
        (["system_admin", "auditor"], ("auditor", "system_admin")),
        (["security_admin", "security_admin"], ()),
        ([], ()),
    ],
)
def test_the_three_offices_are_never_held_together(held, conflict):
    assert conflicting_roles(held) == conflict
