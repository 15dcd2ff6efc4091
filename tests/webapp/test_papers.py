"""文书模板 in the browser: from the list to a release, with what is wrong told in words and nothing lost."""

import re

import pytest

from documents.papers import PAPERS
from documents.press import Broken
from documents.sources import shipped_source
from webapp.studio.paper_words import sentence_of

NAME = "return_visit"
_NO_KEY = 'dictionary does not contain key "foo"'
PAGE = f"/studio/papers/{NAME}"


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def send(browser, event, source=None, note="", seen=None):
    """Send the draft as the form does."""
    page = browser.get(f"{PAGE}/draft").text if seen is None else ""
    given = {
        "_event": event,
        "source": shipped_source(NAME).text if source is None else source,
        "note": note,
        "seen": field(page, "seen") if seen is None else seen,
    }
    return browser.post(f"{PAGE}/draft", given, follow_redirects=True)


def test_a_template_goes_from_the_list_to_a_release_and_back(agreed):
    author, second = agreed.browser("process_designer"), agreed.browser("process_designer_2")
    listed = author.get("/studio/papers/").text
    assert 'href="/studio/papers/"' in author.get("/studio/").text
    assert all(f'<a href="/studio/papers/{name}">{kind.title}</a>' in listed for name, kind in PAPERS.items())
    draft = author.post(f"{PAGE}/draft/begin", {}, follow_redirects=True).text
    assert "= 回访" in draft or shipped_source(NAME).text.splitlines()[0].replace('"', "&#34;") in draft
    changed = shipped_source(NAME).text + "\n统一样式\n"
    looked = send(author, "preview", changed)
    assert 'src="data:image/png;base64,' in looked.text
    assert "写明改了什么" in send(author, "propose", changed).text
    assert "等另一位流程管理员发布" in send(author, "propose", changed, "加一行").text
    page = second.get(PAGE).text
    assert "统一样式" in page
    assert 'class="paper-line paper-line-new"' in page
    assert 'value="publish"' not in author.get(PAGE).text
    proposal = re.search(rf"{PAGE}/proposals/[0-9a-f-]+", page)[0]
    decided = {"_event": "publish", "seen": field(page, "seen")}
    assert "已发布第 1 版" in second.post(proposal, decided, follow_redirects=True).text
    again = second.post(proposal, decided, follow_redirects=True).text
    assert "已经不是刚才的样子" in again
    assert "从随产品的重新改" in again
    assert second.get(f"{PAGE}/sample.pdf").data.startswith(b"%PDF")


def test_what_is_wrong_is_said_with_its_line_and_what_was_typed_stays(agreed):
    author = agreed.browser("process_designer")
    author.post(f"{PAGE}/draft/begin", {})
    page = send(author, "preview", "一\n二\n#unknwon 三")
    assert page.status_code == 422
    assert "第 3 行：没有叫“unknwon”的名称" in page.text
    assert 'data-line="3"' in page.text
    assert "#unknwon 三" in author.get(f"{PAGE}/draft").text


def test_who_saves_too_late_keeps_the_text(agreed):
    author, second = agreed.browser("process_designer"), agreed.browser("process_designer_2")
    author.post(f"{PAGE}/draft/begin", {})
    send(second, "save", "second")
    late = send(author, "save", "mine", seen="1")
    assert (late.status_code, "别人刚刚存过" in late.text, "mine" in late.text) == (409, True, True)
    send(second, "drop", "second")
    gone = send(author, "save", "mine", seen="3")
    assert (gone.status_code, "已经被放弃" in gone.text, "mine" in gone.text) == (409, True, True)
    assert '<button class="button" name="_event" value="save"' not in gone.text
    assert author.get("/studio/papers/none").status_code == 404


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (Broken("broken", "expected expression", "main.typ", 3, 8), "第 3 行：这里还缺东西，写到一半了"),
        (
            Broken("broken", "unclosed delimiter", "_paper.typ", 2, 1),
            "共用版式第 2 行：括号或引号只有一半，没有配上另一半",
        ),
        (
            Broken("broken", 'dictionary does not contain key "foo"', "main.typ", 1),
            "第 1 行：这份文书的内容里没有“foo”这一项",
        ),
        (
            Broken("broken", "something new", "main.typ", 1),
            "第 1 行：排版程序不认识这个写法（something new）",
        ),
        (Broken("seconds"), "排版超过 10 秒还没有完，可能有没有尽头的循环"),
        (Broken("memory"), "排版要用的内存超过 1000 MB，可能有成倍变长的内容"),
        (Broken("output"), "印出来超过 50 MB，太大了"),
        (Broken("source"), "模板太长，最多 200000 个字符"),
        (Broken("outside", "", "main.typ", 4), "第 4 行：模板不能引用外面的包和插件，只能用共用版式"),
        (Broken("died"), "排版程序中途停了，这个写法它受不了"),
    ],
)
def test_what_the_typesetter_says_is_said_in_chinese(broken, sentence):
    assert sentence_of(broken) == sentence
