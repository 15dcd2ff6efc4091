"""What a diagram must satisfy to be published, beyond what the engine knows."""

import json

import pytest

from forms.schema import parse_form
from tests.workflows.engine.drawing import draw, end, start, step
from workflows.check import check_process
from workflows.engine import DiagramError, compile_process

QUESTION = {"id": "f_1", "type": "radio", "key": "decision", "label": "结论", "valuesKey": "decision"}
MUST = {"validate": {"required": True}}


def asked(*components):
    source = {"schemaVersion": 18, "id": "a", "properties": {"title": "试卷"}, "components": list(components)}
    return parse_form(json.dumps(source).encode())


@pytest.mark.parametrize(
    ("signers", "approve", "form", "sentence"),
    [
        ('["coordinator", "director"]', "approve", asked(QUESTION | MUST), "会签人“director”不在角色表中"),
        ('["coordinator"]', "approve", asked(), "表决“decision”不在表单“a”里"),
        ('["coordinator"]', "yes", asked(QUESTION | MUST), "没有“yes”这个选项，可以写：approve、return"),
        ('["coordinator"]', "approve", asked(QUESTION), "可以不填"),
        ('["coordinator"]', "approve", asked(QUESTION | MUST | {"type": "checklist"}), "不是单选"),
        ('["coordinator"]', "approve", asked(QUESTION | MUST | {"conditional": {"hide": "=true"}}), "不隐藏"),
    ],
)
def test_signers_are_roles_and_the_vote_is_a_question_of_the_form(signers, approve, form, sentence):
    signing = {"sign": "all", "signers": signers, "vote": "decision", "approve": approve}
    spec = compile_process(draw([start(), step("a", **signing), end()], "start > a > end"))
    with pytest.raises(DiagramError) as told:
        check_process(spec, frozenset({"a"}), form_of=lambda _: form)
    assert sentence in str(told.value)


def test_a_signer_that_only_the_case_knows_is_no_finding():
    signing = {"sign": "any", "signers": "[lead_id, boss]", "vote": "decision", "approve": "approve"}
    spec = compile_process(draw([start(), step("a", **signing), end()], "start > a > end"))
    check_process(spec, frozenset({"a"}), form_of=lambda _: asked(QUESTION | MUST))


def test_only_a_role_has_a_veto():
    signing = {"sign": "share", "share": "0.5", "signers": '["expert"]', "veto": "director"}
    vote = {"vote": "decision", "approve": "approve"}
    spec = compile_process(draw([start(), step("a", **signing, **vote), end()], "start > a > end"))
    with pytest.raises(DiagramError) as told:
        check_process(spec, frozenset({"a"}), form_of=lambda _: asked(QUESTION | MUST))
    assert "一票否决“director”不在角色表中" in str(told.value)


@pytest.mark.parametrize("timeout", ["approve", "return"])
def test_the_product_signs_for_nobody(timeout):
    signing = {"sign": "all", "signers": '["expert"]', "vote": "decision", "approve": "approve"}
    spec = compile_process(
        draw([start(), step("a", deadline="scheme", timeout=timeout, **signing), end()], "start > a > end")
    )
    with pytest.raises(DiagramError) as told:
        check_process(spec, frozenset({"a"}), form_of=lambda _: asked(QUESTION | MUST))
    assert "不能由系统代签" in str(told.value)
