"""`verify` goes through chains, files and archives, and names the first bad one."""

import json
from io import BytesIO

from sqlalchemy import text

from store.tables import EvidenceFile
from tests.support.world import EVERYTHING
from workflows.verification import main, verify_all


def keep_file(world):
    digest, size = world.runtime.files.put(BytesIO(b"a photo"))
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        session.add(
            EvidenceFile(
                sha256=digest,
                size=size,
                media_type="image/png",
                name="照片.png",
                uploaded_at=world.clock.at,
                org_id=world.offices.provider,
            )
        )
    return world.runtime.files.path(digest)


def test_what_is_as_it_was_written_verifies(world, capsys):
    world.register()
    keep_file(world)
    assert main([], world.runtime) == 0
    assert "都和写入时一样" in capsys.readouterr().out
    found = verify_all(world.runtime)
    assert (found.files, found.first_bad) == (1, None)
    assert found.events > 0


def test_a_changed_file_is_named(world, capsys):
    file = keep_file(world)
    file.chmod(0o640)
    file.write_bytes(b"b photo")
    assert main(["--json"], world.runtime) == 1
    assert file.name in json.loads(capsys.readouterr().out)["first_bad"]["what"]


def test_a_changed_event_is_named(world, capsys):
    world.register()
    with world.runtime.database.writing() as connection:
        if world.runtime.database.dialect == "sqlite":
            connection.execute(text("DROP TRIGGER case_event_keep_update"))
        else:
            connection.execute(text("ALTER TABLE case_event DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE case_event SET kind = 'other' WHERE n = 0"))
    assert main([], world.runtime) == 1
    said = capsys.readouterr().out
    assert said.startswith("✗ 办件")
    assert "第 1.0 条" in said
