"""A step is done again when its inputs or its product have changed, and only then."""

from pathlib import Path

from setup_steps.stamps import files_below, stamp_of


def stamp(folder: Path, content: str = "a", fact: str = "linux"):
    source = folder / "lock"
    source.write_text(content)
    return stamp_of(folder / "product", "step", files=[source], facts=[fact])


def test_a_finished_step_is_fresh(tmp_path):
    stamp(tmp_path).put()
    assert stamp(tmp_path).is_fresh()


def test_other_inputs_make_it_stale(tmp_path):
    stamp(tmp_path).put()
    assert not stamp(tmp_path, content="b").is_fresh()
    assert not stamp(tmp_path, fact="windows").is_fresh()


def test_a_half_made_product_is_stale(tmp_path):
    begun = stamp(tmp_path)
    begun.put()
    begun.remove()
    assert not begun.is_fresh()


def test_a_damaged_stamp_is_stale(tmp_path):
    begun = stamp(tmp_path)
    begun.put()
    begun.file.write_bytes(b"\xff\xfe")
    assert not begun.is_fresh()


def test_installed_and_hidden_files_are_no_inputs(tmp_path):
    for name in ("src/a.ts", "node_modules/x/index.js", ".cache/y", "build.mjs"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    assert [path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)] == [
        "build.mjs",
        "src/a.ts",
    ]
