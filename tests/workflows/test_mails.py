"""Notices by mail: to whom, which, once; and what becomes of a letter that nobody takes."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from store.queue import MAX_ATTEMPTS
from store.tables import Job, Notice, RecordEvent
from tests.support.mailbox import mailbox
from tests.support.world import EVERYTHING
from worker.executor import run_due_jobs
from worker.post import EVERY, Post
from workflows.errors import RuleRefusedError
from workflows.handlers.mails import choose_mail, order_test, queue_letters
from workflows.handlers.queued import retry_job
from workflows.mail import MailServer, MailUrlError, is_address, mail_server

BOTH = ("deadlines", "news")
ADDRESS = "chen@office.example"


@pytest.fixture
def box():
    """A server that takes mail."""
    with mailbox() as found:
        yield found


@pytest.fixture
def sending(world, box):
    """The city, whose coordinator wants all notices by mail."""
    world.runtime = replace(world.runtime, mail=box.server)
    choose_mail(world.runtime, ADDRESS, BOTH, world.actor("coordinator"))
    return world


def tell(world, title="回访快到期了", **columns):
    me = world.actor("coordinator")
    row = {"kind": "notice", "person_id": me.person_id, "at": world.clock.at, "link": "/inbox/7", **columns}
    with world.runtime.database.write(EVERYTHING) as session:
        session.add(Notice(title=title, **row))


def carry(world):
    """Let the post look, and the worker do what is due."""
    queue_letters(world.runtime, world.clock.at - timedelta(hours=1))
    run_due_jobs(world.runtime)


def letters(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Job).where(Job.kind == "send_notice").order_by(Job.id)).all()


def test_a_notice_leaves_once_with_its_title_and_where_it_leads(sending, box):
    tell(sending)
    carry(sending)
    carry(sending)
    (letter,) = box.letters
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "【未然】回访快到期了")
    assert "http://127.0.0.1:8000/inbox/7" in letter.get_content()
    (job,) = letters(sending)
    assert (job.state, letter["Message-ID"]) == ("done", f"<{job.key}@office.example>")


def test_what_is_told_to_a_role_leaves_for_those_who_hold_it(sending, box):
    me = sending.actor("coordinator")
    role = {"person_id": None, "role": "coordinator"}
    tell(sending, "给本单位协调员的", **role, holder_id=me.org_id)
    tell(sending, "给别家协调员的", **role, holder_id=sending.offices.insurer)
    tell(sending, "给专家的", person_id=None, role="expert", holder_id=me.org_id)
    carry(sending)
    assert [letter["Subject"] for letter in box.letters] == ["【未然】给本单位协调员的"]


def test_nothing_leaves_that_was_told_before_is_read_or_is_not_wanted(sending, box):
    choose_mail(sending.runtime, ADDRESS, ("deadlines",), sending.actor("coordinator"))
    tell(sending, "从前的", kind="reminder", at=sending.clock.at - timedelta(seconds=1))
    tell(sending, "看过的", kind="reminder", read_at=sending.clock.at)
    tell(sending, "不要的")
    tell(sending, "要的", kind="escalation")
    carry(sending)
    assert [letter["Subject"] for letter in box.letters] == ["【未然】要的"]


def test_whoever_ends_it_is_not_sent_what_still_waits(sending, box):
    tell(sending)
    queue_letters(sending.runtime, sending.clock.at)
    choose_mail(sending.runtime, "", (), sending.actor("coordinator"))
    run_due_jobs(sending.runtime)
    assert (box.letters, [job.state for job in letters(sending)]) == ([], ["done"])


def test_a_letter_that_nobody_takes_is_tried_again_dies_and_is_sent_when_somebody_retries_it(sending, box):
    box.unknown.add(ADDRESS)
    tell(sending)
    carry(sending)
    for _ in range(MAX_ATTEMPTS):
        sending.clock.pass_by(hours=2)
        run_due_jobs(sending.runtime)
    (job,) = letters(sending)
    assert (job.state, job.attempt) == ("dead", MAX_ATTEMPTS)
    assert job.last_error.startswith("AddressRefusedError")
    assert ADDRESS not in job.last_error
    box.unknown.clear()
    retry_job(sending.runtime, job.id, sending.actor("system_admin"))
    run_due_jobs(sending.runtime)
    assert len(box.letters) == 1


def test_a_letter_waits_for_a_server_that_is_away(sending):
    sending.runtime = replace(sending.runtime, mail=MailServer("127.0.0.1", 1, "weiran@office.example"))
    tell(sending)
    carry(sending)
    (job,) = letters(sending)
    assert (job.state, job.attempt) == ("ready", 1)
    assert job.last_error.startswith("MailServerError")


def test_a_title_cannot_add_a_line_to_the_head_of_a_letter(sending, box):
    tell(sending, "甲\r\nBcc: all@evil.example")
    carry(sending)
    (letter,) = box.letters
    assert letter["Bcc"] is None
    assert "Bcc: all@evil.example" in letter["Subject"]


def test_a_test_letter_leaves_at_most_once_a_minute(sending, box):
    for _ in range(3):
        order_test(sending.runtime, sending.actor("coordinator"))
    run_due_jobs(sending.runtime)
    assert [letter["Subject"] for letter in box.letters] == ["【未然】测试邮件"]


def test_the_choice_is_told_without_the_address_which_is_kept_encrypted(sending):
    with sending.runtime.database.read(EVERYTHING) as session:
        bodies = session.scalars(select(RecordEvent.body).where(RecordEvent.kind == "mail_chosen")).all()
        raw = session.connection().exec_driver_sql("SELECT mail FROM person WHERE mail IS NOT NULL").scalar()
    assert any("用邮件收通知" in bytes(body).decode() for body in bodies)
    assert ADDRESS not in f"{bodies}{raw}"


def test_a_choice_that_cannot_work_is_refused(sending):
    me = sending.actor("coordinator")
    given = (
        ("chen", BOTH),
        ("a@b\r\nBcc: c@d.example", BOTH),
        ("陈@x.cn", BOTH),
        (ADDRESS, ()),
        (ADDRESS, ("x",)),
    )
    for address, kinds in given:
        with pytest.raises(RuleRefusedError):
            choose_mail(sending.runtime, address, kinds, me)


def test_the_post_asks_every_few_seconds_and_never_without_a_server(sending):
    post = Post()
    post.look_ahead(sending.runtime)
    tell(sending)
    post.look_ahead(sending.runtime)
    assert letters(sending) == []
    sending.clock.at += EVERY
    post.look_ahead(replace(sending.runtime, mail=None))
    assert letters(sending) == []
    post.look_ahead(sending.runtime)
    assert len(letters(sending)) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example?from=a@b.cn", MailServer("mail.example", 587, "a@b.cn")),
        ("smtps://a%40b.cn:p%3Aw@m.cn", MailServer("m.cn", 465, "a@b.cn", "a@b.cn", "p:w", is_wrapped=True)),
        ("smtp://localhost:25?from=a@b.cn", MailServer("localhost", 25, "a@b.cn")),
    ],
)
def test_a_server_is_known_by_its_address(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example", "http://m.cn?from=a@b.cn", "smtp://m.cn", "smtp://m.cn:x?from=a@b.cn"]
)
def test_an_address_of_a_server_that_says_too_little_is_refused(url):
    with pytest.raises(MailUrlError, match="MAIL_URL"):
        mail_server(url)


@pytest.mark.parametrize(
    "text", ["", "@", "a@", "@b.cn", "a@b", "a@b@c.cn", "a b@c.cn", "<a@b.cn>", "a@b.cn,c@d.cn"]
)
def test_what_is_no_mail_address_is_known(text):
    assert not is_address(text)
