import pytest

from rules.article_targets import page_paths, problem, problems
from rules.articles import (
    ANNEXES,
    KEYS,
    Article,
    articles,
    as_markdown,
    chinese_name,
    cited,
    flaws,
    parse_articles,
)
from rules.parameters import rows
from tests.support.callers import PRODUCT, public_rules, reached, texts
from tests.support.sources import ROOT

TEXTS = texts("rules", *PRODUCT)
FILLED_IN = tuple(text.removesuffix("{level}") for text in TEXTS if text.endswith("_{level}"))
UNREAD = sorted({row.name for row in rows() if not row.name.startswith(FILLED_IN)} - TEXTS)
"""Parameters that nothing reads."""


def test_every_article_and_annex_has_one_entry():
    assert flaws(articles()) == ()
    assert [entry.key for entry in articles()] == list(KEYS)


@pytest.mark.parametrize("entry", articles(), ids=lambda entry: entry.key)
def test_what_carries_an_article_is_there_and_cites_it(entry):
    assert problems(entry, ROOT) == ()


@pytest.mark.parametrize("entry", articles(), ids=lambda entry: entry.key)
def test_a_rule_that_carries_an_article_is_called_or_its_waiting_is_explained(entry):
    rules = [target.split(".")[2] for target in entry.targets if target.startswith("code:rules.")]
    uncalled = [name for name in rules if name not in reached(*PRODUCT)]
    assert [name for name in uncalled if name not in entry.waiting] == []
    unread = [name for name in UNREAD if name in entry.waiting]
    assert bool(uncalled or unread) is bool(entry.waiting)


def test_every_rule_is_called_or_named_by_its_article():
    named = frozenset(part for entry in articles() for target in entry.targets for part in target.split("."))
    known = reached(*PRODUCT, "rules/examples", also=named)
    assert [f"{module}.{name}" for name, module in public_rules().items() if name not in known] == []


def test_every_parameter_is_read_or_its_waiting_is_explained():
    assert [name for name in UNREAD if not any(name in entry.waiting for entry in articles())] == []


@pytest.mark.parametrize(
    ("entries", "flaw"),
    [
        ([], "14: 0 entries"),
        ([Article("14", "", ("code:x.y",))] * 2, "14: 2 entries"),
        ([Article("30", "", ("code:x.y",))], "30: no such article"),
        ([Article("14", "")], "14: needs targets or a reason, not both"),
        ([Article("14", "", ("code:x.y",), "why")], "14: needs targets or a reason, not both"),
        ([Article("14", "", (), "two\nlines")], "14: needs targets or a reason, not both"),
    ],
)
def test_entries_that_say_too_little_or_too_much_are_found(entries, flaw):
    assert flaw in flaws(entries)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("1", "第一条"),
        ("10", "第十条"),
        ("11", "第十一条"),
        ("20", "第二十条"),
        ("29", "第二十九条"),
        ("annex-2", "附件2"),
    ],
)
def test_articles_are_named_as_the_standard_names_them(key, name):
    assert chinese_name(key) == name
    assert cited(name) == {key}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("no article", set()),
        ("第十四条第一档", {"14"}),
        ("第十二、十四条", {"12", "14"}),
        ("第十二条、第十四条; 附件 1", {"12", "14", "annex-1"}),
        ("第十六至十九条", {"16", "17", "18", "19"}),
        ("第六条 and 第十六条至第十八条", {"6", "16", "17", "18"}),
        ("第九十九条", set()),
    ],
)
def test_citations_are_read_in_all_their_ways(text, keys):
    assert cited(text) == keys


def test_every_article_cites_itself():
    assert all(cited(chinese_name(key)) == {key} for key in (*KEYS, *ANNEXES))


def test_entries_become_a_table():
    text = '[[article]]\nkey = "1"\ntitle = "依据"\ntargets = ["code:a.b", "page:/x"]\n'
    text += '[[article]]\nkey = "4"\ntitle = "指导"\nreason = "尚未建"\n'
    lines = as_markdown(parse_articles(text)).splitlines()
    assert lines[6] == "| 第一条 | 依据 | `code:a.b`<br>`page:/x` |"
    assert lines[7] == "| 第四条 | 指导 | 尚未建 |"


def test_the_page_of_the_articles_says_what_the_entries_say():
    page = (ROOT / "docs" / "articles.md").read_text(encoding="utf-8")
    assert page == as_markdown(articles()), ".venv/bin/python -m rules.articles > docs/articles.md"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    files = {
        "rules/quota.py": (
            '"""Quota (第十四条)."""\nLIMIT: int = 1\nA = B = 2\nimport os\n\n\n'
            'def owed():\n    """Return it (第十四条)."""\n\n\n'
            "def silent():\n    pass\n\n\n"
            'class Kept:\n    """Kept."""\n\n    async def long(self):\n        """第七条."""\n'
        ),
        "rules/pack/__init__.py": '"""Pack."""\n\n\ndef inside():\n    """第五条."""\n',
        "workflows/diagrams/visit.bpmn": '<a id="x"><b id="make_return_visit"/></a>',
        "workflows/diagrams/broken.bpmn": "<a>",
        "forms/schemas/sign.json": "{}",
        "forms/schemas/broken.json": "{",
        "documents/templates/notice.typ": "",
        "webapp/shell.py": 'blueprint = Blueprint("shell", __name__)\n@blueprint.get("/")\ndef a(): ...\n',
        "webapp/cases/__init__.py": 'blueprint = Blueprint("cases", __name__, url_prefix="/cases")\n',
        "webapp/cases/views.py": (
            '@blueprint.get("/")\ndef a(): ...\n@blueprint.route("/<uuid:case_id>")\ndef b(): ...\n'
            'x.get("name", 1)\nx.get(1)\nx.route()\nblueprint.add_url_rule(NAME)\n'
        ),
        "webapp/bare/views.py": '@blueprint.post("/bare")\ndef a(): ...\n',
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("target", "key", "found"),
    [
        ("code:rules.quota.owed", "14", ""),
        ("code:rules.quota.LIMIT", "14", ""),
        ("code:rules.quota.B", "14", ""),
        ("code:rules.quota.Kept.long", "7", ""),
        ("code:rules.pack.inside", "5", ""),
        ("code:rules.quota.owed", "13", "its docstring does not cite the article"),
        ("code:rules.quota.silent", "14", "its docstring does not cite the article"),
        ("code:rules.quota.Kept", "14", "its docstring does not cite the article"),
        ("code:rules.quota.gone", "14", "no gone there"),
        ("code:rules.quota.os", "14", "no os there"),
        ("code:rules.quota.owed.more", "14", "owed is no class"),
        ("code:rules.quota", "14", "no such module, or no name in it"),
        ("code:gone.quota.owed", "14", "no such module, or no name in it"),
        ("diagram:visit", "19", ""),
        ("diagram:visit#make_return_visit", "19", ""),
        ("diagram:visit#gone", "19", "no element gone"),
        ("diagram:gone#x", "19", "no diagram gone"),
        ("form:sign", "19", ""),
        ("form:gone", "19", "no file gone.json"),
        ("document:notice", "19", ""),
        ("document:gone", "19", "no file gone.typ"),
        ("page:/", "8", ""),
        ("page:/cases", "8", ""),
        ("page:/cases/<uuid:case_id>", "8", ""),
        ("page:/bare", "8", ""),
        ("page:/gone", "8", "no such route"),
        ("tea:x", "8", "unknown kind tea"),
        ("code", "8", "not of the form kind:name"),
        ("code:", "8", "not of the form kind:name"),
    ],
)
def test_a_target_is_found_or_its_absence_said(tree, target, key, found):
    assert problem(target, key, tree) == found


@pytest.mark.parametrize(
    ("target", "found"),
    [("diagram:broken", "not well-formed"), ("form:broken", "not JSON")],
)
def test_a_broken_file_carries_nothing(tree, target, found):
    assert problem(target, "19", tree).startswith(found)


def test_problems_name_article_and_target(tree):
    entry = Article("19", "", ("form:sign", "form:gone"))
    assert problems(entry, tree) == ("第十九条 form:gone: no file gone.json",)


def test_pages_are_routes_under_their_prefixes(tree):
    assert page_paths(tree) == {"/", "/cases", "/cases/<uuid:case_id>", "/bare"}
