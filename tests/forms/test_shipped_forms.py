"""Every shipped form: it parses, it speaks Chinese, and each required question is enforced."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from forms.context import FormContext
from forms.model import Component, Field, Form, Group, Kind, Rows, Static, walk
from forms.render import FormView
from forms.rows import opening_links
from forms.validate import check
from tests.support.forms import HOST_LISTS, STEPS, filled, make_context, shipped

SITUATIONS = [
    {
        "level": "major",
        "is_key": True,
        "baseline_required": True,
        "recent_visit": True,
        "on_behalf": False,
        "upheld_count": 1,
    },
    {"level": "general", "is_key": False, "on_behalf": True},
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
KNOWN_LATIN = {"JPG", "PNG"}


def texts_of(component: Component) -> list[str]:
    match component:
        case Field():
            labels = [option.label for option in component.options]
            return [component.label, component.hint, component.unit, *labels]
        case Static(kind="table"):  # its content is an expression
            return [column.label for column in component.columns]
        case Static():
            return [re.sub(r"\{\{.*?\}\}", "", component.content)]
        case Group() | Rows():
            return [component.label, component.hint]


def required_paths(
    components: tuple[Component, ...], values: dict[str, object], prefix: str = ""
) -> Iterator[tuple[str, dict[str, object], str]]:
    """Yield (path, the level that holds the value, key) of each required question."""
    for component in components:
        match component:
            case Field(required=True):
                yield prefix + component.key, values, component.key
            case Group(path=None):
                yield from required_paths(component.components, values, prefix)
            case Group(path=str() as path):
                yield from required_paths(component.components, values[path], f"{prefix}{path}.")
            case Rows():
                for number, row in enumerate(values[component.path]):
                    yield from required_paths(
                        component.components, row, f"{prefix}{component.path}.{number}."
                    )


@pytest.mark.parametrize("step", STEPS)
def test_a_form_is_named_as_its_file_and_says_what_it_does(step: str) -> None:
    form = shipped(step)
    assert form.key == step
    assert form.title
    assert form.submit not in {"提交", "确定"}
    assert form.after.endswith("。")


@pytest.mark.parametrize("step", STEPS)
def test_a_form_speaks_chinese_only(step: str) -> None:
    form = shipped(step)
    texts = [form.title, form.submit, form.after]
    texts += [text for component in walk(form.components) for text in texts_of(component)]
    texts += [re.sub(r"\{\{.*?\}\}", "", rule.message) for rule in form.checks]
    for text in filter(None, texts):
        assert CHINESE.search(text), text
        assert set(LATIN_WORD.findall(text)) <= KNOWN_LATIN, text
        assert not re.search(r"！|超期|成功|失败|确定", text), text


@pytest.mark.parametrize("step", STEPS)
def test_a_form_takes_its_choices_from_the_vocabulary_or_a_known_list(step: str) -> None:
    context = make_context()
    for component in walk(shipped(step).components):
        if isinstance(component, Field) and component.source:
            assert context.choices(component.source), component.source
        if isinstance(component, Rows) and component.source:
            assert component.source in HOST_LISTS


@pytest.mark.parametrize("step", STEPS)
def test_a_check_points_at_a_question_of_the_form(step: str) -> None:
    form = shipped(step)
    known = {path for path, _, _ in _paths(form.components)}
    for rule in form.checks:
        assert (f"{rule.each}." if rule.each else "") + rule.field in known


def _paths(components: tuple[Component, ...], prefix: str = "") -> Iterator[tuple[str, Component, str]]:
    for component in components:
        match component:
            case Field(key=key) if key:
                yield prefix + key, component, prefix
            case Group(path=path):
                yield from _paths(component.components, f"{prefix}{path}." if path else prefix)
            case Rows(path=path):
                yield prefix + path, component, prefix
                yield from _paths(component.components, f"{prefix}{path}.")
            case _:
                pass


OFTEN_ENOUGH = 3
"""How many branches a question is asked in per situation; a form of a hundred questions takes a minute else."""


def enforced(
    form: Form, context: FormContext, branch: int, tried: Counter[str]
) -> Iterator[tuple[str, bool]]:
    """Yield each required question that is shown, in the first row that shows it, and whether none is refused."""
    values = filled(form, branch)
    hidden = check(form, values, context).hidden
    asked = {question for question, times in tried.items() if times >= OFTEN_ENOUGH}
    for path, level, key in list(required_paths(form.components, values)):
        parts = path.split(".")
        is_hidden = any(".".join(parts[: length + 1]) in hidden for length in range(len(parts)))
        if is_hidden or question_of(path) in asked:
            continue
        asked.add(question_of(path))
        tried[question_of(path)] += 1
        given, level[key] = level[key], None
        yield path, path in check(form, values, context).errors
        level[key] = given


def question_of(path: str) -> str:
    """Return the path without the numbers of its rows."""
    return re.sub(r"\.\d+\.", ".*.", path)


@pytest.mark.parametrize("step", STEPS)
def test_every_required_question_is_enforced_whenever_it_is_shown(step: str) -> None:
    form = shipped(step)
    seen: set[str] = set()
    for situation in SITUATIONS:
        context = make_context(**situation)
        tried: Counter[str] = Counter()
        for branch in range(20):
            for path, refused in enforced(form, context, branch, tried):
                assert refused, path
                seen.add(question_of(path))
    wanted = {question_of(path) for path, _, _ in required_paths(form.components, filled(form))}
    assert seen == wanted


@pytest.mark.parametrize("step", STEPS)
def test_an_empty_form_says_what_is_missing_and_never_raises(step: str) -> None:
    form = shipped(step)
    checked = check(form, {}, make_context())
    assert checked.errors
    assert all(CHINESE.search(line.text) for line in checked.summary)


@pytest.mark.parametrize("step", STEPS)
def test_a_form_draws_each_question_once_with_its_label(step: str) -> None:
    form = shipped(step)
    html = str(FormView(form, make_context(), filled(form)))
    for path, component, _ in _paths(form.components):
        if isinstance(component, Field) and component.kind is not Kind.EXPRESSION and "." not in path:
            assert f'name="{path}"' in html
            assert component.label in html
    assert "style=" not in html
    assert "<script" not in html


def test_the_checklist_of_a_visit_opens_hazards() -> None:
    assert opening_links(shipped("record_visit")) == {"baseline": "baseline_item"}
