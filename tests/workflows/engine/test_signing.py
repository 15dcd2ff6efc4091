"""Countersigned steps as the engine knows them: what a diagram must say, and whom an opened step names."""

from decimal import Decimal

import pytest

from tests.workflows.engine.drawing import draw, end, start, step, sub
from tests.workflows.engine.walking import NOW, RememberingHost
from workflows import engine
from workflows.engine import DiagramError, Signing, Vote, compile_process

ASKED = {"vote": "decision", "approve": "approve"}
BOTH = '["coordinator", "expert"]'


def signed(**attributes: str) -> bytes:
    return draw([start(), step("a", **attributes), end()], "start > a > end")


def test_a_step_says_how_it_is_countersigned_and_which_answer_is_the_vote():
    spec = compile_process(signed(sign="share", signers=BOTH, share="0.6", veto="expert", **ASKED))
    found = spec.steps["a"]
    assert found.signing == Signing("share", BOTH, Decimal("0.6"), ("expert",))
    assert found.vote == Vote("decision", "approve")


def test_a_step_that_says_nothing_of_signing_is_compiled_as_before():
    node = compile_process(signed()).nodes["a"]
    assert not {"signing", "vote"} & set(node)


@pytest.mark.parametrize(
    ("attributes", "rule", "sentence"),
    [
        ({"sign": "most", "signers": BOTH, **ASKED}, "signing", "会签方式“most”没有"),
        ({"sign": "all", **ASKED}, "signing", "没有写会签人"),
        ({"signers": BOTH, **ASKED}, "signing", "没有写会签方式"),
        ({"sign": "all", "signers": BOTH}, "vote", "没有写表单里哪一项是表决"),
        ({"sign": "all", "signers": BOTH, "vote": "decision"}, "vote", "没有写哪个值算同意"),
        ({"approve": "approve"}, "vote", "没有写表决是哪一项"),
        ({"sign": "share", "signers": BOTH, **ASKED}, "share", "没有写比例"),
        ({"sign": "share", "signers": BOTH, "share": "1.2", **ASKED}, "share", "大于 0、不超过 1"),
        ({"sign": "share", "signers": BOTH, "share": "0", **ASKED}, "share", "大于 0、不超过 1"),
        ({"sign": "share", "signers": BOTH, "share": "六成", **ASKED}, "share", "大于 0、不超过 1"),
        ({"sign": "all", "signers": BOTH, "share": "0.6", **ASKED}, "share", "不会起作用"),
        ({"sign": "any", "signers": BOTH, "veto": "expert", **ASKED}, "veto", "不用写一票否决"),
        ({"sign": "all", "signers": BOTH, "assignee": "x", **ASKED}, "signing", "不能再写 assignee"),
        ({"sign": "all", "signers": '["expert", "expert"]', **ASKED}, "signers", "“expert”写了 2 次"),
        ({"sign": "all", "signers": '["expert"', **ASKED}, "feel", "会签人写得不对"),
    ],
)
def test_a_diagram_that_does_not_say_all_of_it_is_not_published(attributes, rule, sentence):
    with pytest.raises(DiagramError) as told:
        compile_process(signed(**attributes))
    assert [found.rule for found in told.value.findings] == [rule]
    assert sentence in told.value.findings[0].message_zh


def opened(signers: str, **data: object) -> tuple[str, ...] | None:
    spec = compile_process(signed(sign="all", signers=signers, **ASKED))
    outcome = engine.start(spec, data, RememberingHost(), NOW)
    (token,) = engine.peek(spec, outcome.state)
    assert outcome.opened == (token,)
    return token.signers


def test_an_opened_step_names_its_signers_each_once_and_leaves_out_who_is_not_there():
    assert opened('[lead, deputy, "expert", lead]', lead="p1", deputy=None) == ("p1", "expert")
    assert opened('"expert"') == ("expert",)


@pytest.mark.parametrize("signers", ["[]", "[null]", "[1]", "null", "{a: 1}"])
def test_a_step_that_nobody_signs_stops_the_case(signers):
    with pytest.raises(engine.ExpressionError) as told:
        opened(signers)
    assert "会签人" in engine.sentence(told.value)


def test_a_step_inside_a_sub_process_has_its_signers_too():
    inner = [start("s"), step("a", sign="any", signers=BOTH, **ASKED), end("e")]
    spec = compile_process(draw([start(), sub("inside", inner, "s > a > e"), end()], "start > inside > end"))
    (token,) = engine.peek(spec, engine.start(spec, {}, RememberingHost(), NOW).state)
    assert token.signers == ("coordinator", "expert")
