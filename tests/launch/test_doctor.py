"""The doctor names what is wrong and the remedy; with `--invariants` it finds each planted breach."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, insert, update

from launch import doctor
from store import tables as t
from tests.support.world import EVERYTHING

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def settings(url, folder):
    return SimpleNamespace(
        database_url=url,
        files=folder / "files",
        field_keys={"test": bytes(range(32))},
        signing_key=bytes(32),
        document_font_dir=None,
        four_eyes=True,
        mail_url=None,
        log_json=False,
        public_url=None,
    )


@pytest.fixture
def sound(monkeypatch, tmp_path):
    """An installation in order, but for its database."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("")
    secrets.chmod(0o600)
    monkeypatch.setattr(doctor, "SECRETS", secrets)
    monkeypatch.setattr(doctor, "is_installed", lambda: True)
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "manifest.json").write_text("{}")
    monkeypatch.setattr(doctor, "DIST", dist)
    monkeypatch.setattr(doctor, "LEAST_SPACE", 0)
    return tmp_path


def told(capsys, code, arguments, given):
    assert doctor.main([*arguments, "--json"], given) == code
    return [one["what"] for one in json.loads(capsys.readouterr().out)]


def test_an_installation_in_order_gives_no_complaint(sound, database_url, capsys):
    found = told(capsys, 0, [], settings(database_url, sound))
    assert [what for what in found if "工作日历" not in what] == []


def test_each_fault_of_the_installation_is_told_with_its_remedy(sound, tmp_path, monkeypatch, capsys):
    (sound / "secrets.toml").chmod(0o644)
    (sound / "dist" / "manifest.json").unlink()
    monkeypatch.setattr(doctor, "is_installed", lambda: False)
    monkeypatch.setattr(doctor, "LEAST_SPACE", 1 << 60)
    given = settings(f"sqlite:///{tmp_path / 'old.db'}", sound)
    assert doctor.main([], given) == 1
    said = capsys.readouterr().out
    for words in ("chmod 600", "字体", "脚本和样式", "所在的盘", "run.py migrate"):
        assert words in said


def test_a_database_that_does_not_answer_is_a_complaint(sound, capsys):
    given = settings("postgresql+psycopg://nobody@127.0.0.1:1/none", sound)
    (found,) = told(capsys, 1, [], given)
    assert found.startswith("连不上数据库")


def breaches(world, capsys, *statements):
    with world.runtime.database.write(EVERYTHING) as session:
        for statement in statements:
            session.execute(statement)
    return told(capsys, 1, ["--invariants"], of(world))


def of(world):
    """Return settings for the world's database and files."""
    url = world.runtime.database.url.render_as_string(hide_password=False)
    return settings(url, world.runtime.files.root.parent)


def test_sound_data_gives_no_finding(world, capsys):
    world.register()
    assert told(capsys, 0, ["--invariants"], of(world)) == []


PLANTED = {
    "a step without a work item": (update(t.WorkItem).values(status=3), "I3", "没有待办"),
    "a work item of another token": (update(t.WorkItem).values(task_id="gone"), "I3", "并没有在等它"),
    "a state that cannot be read": (update(t.Case).values(state=b"W"), "I2", "读不出来"),
    "a message that nobody waits for": (delete(t.Subscription), "I2", "没有等待的消息"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_breach_is_found(world, capsys, name):
    world.register()
    statement, invariant, words = PLANTED[name]
    found = breaches(world, capsys, statement)
    assert [what for what in found if what.startswith(invariant) and words in what]


def test_a_lost_timer_and_one_too_many_are_found(world, capsys):
    timer = insert(t.Timer).values(case_id=world.register(), task_id="gone", purpose="token", due_at=NOW)
    assert [what for what in breaches(world, capsys, timer) if "计时（gone）" in what]
