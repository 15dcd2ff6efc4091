"""What makes a password too weak, in words; the hashes are made in `workflows.passwords`."""

from collections.abc import Iterable

from webapp.texts import _
from workflows.passwords import normalized

SHORTEST = 12
LONGEST = 200
KINDS_WANTED = 3
_COMMON = frozenset(
    """
    password1234 passwordpassword 123456789012 1234567890123 12345678901234 qwertyuiop12
    qwertyuiop123 1qaz2wsx3edc 1q2w3e4r5t6y qwer1234qwer qwer1234asdf abcd1234abcd
    abc123abc123 iloveyou1234 admin1234567 administrator adminadmin123 letmein12345
    welcome12345 changeme1234 anquan123456 weiran123456 woaini1314520 5201314520131
    zhongguo1234 wenzhou123456 111111111111 000000000000 666666666666 888888888888
    112233445566 123123123123 121212121212 987654321098 asdfghjkl123 zxcvbnm12345
    """.split()  # noqa: SIM905  # a list of words is read as words
)


def weaknesses(password: str, *, about_person: Iterable[str], mixed: bool) -> list[str]:
    """Return in words why the password is too weak; an empty list when it will do."""
    folded = normalized(password).casefold()
    found = []
    if len(password) < SHORTEST:
        found.append(_("密码要 %(n)s 个字符以上", n=SHORTEST))
    if len(password) > LONGEST:
        found.append(_("密码不要超过 %(n)s 个字符", n=LONGEST))
    if folded in _COMMON or len(set(folded)) <= 4:
        found.append(_("这个密码太常见，换一个别人猜不到的"))
    if any(len(word) > 1 and word.casefold() in folded for word in about_person):
        found.append(_("密码里不要有姓名、账号、手机号或单位名称"))
    if mixed and _kinds(password) < KINDS_WANTED:
        found.append(_("大写字母、小写字母、数字、符号，至少用三种"))
    return found


def _kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
    return sum(any(test(character) for character in password) for test in tests)
