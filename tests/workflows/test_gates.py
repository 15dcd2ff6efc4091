"""Operations hold the gates of the standard themselves, whatever a form lets through."""

from datetime import date

import pytest

from rules.hazards import State
from store.tables import Hazard, Rectification, ServiceScheme
from workflows.errors import AnswersRefusedError, RuleRefusedError
from workflows.operations.commitments import commit
from workflows.operations.hazard_states import move
from workflows.operations.notices import check_notice
from workflows.operations.scheme import check_elements


def test_a_hazard_that_is_over_does_not_begin_anew():
    hazard = Hazard(number="YH1", state="closed")
    move(hazard, State.CLOSED)
    with pytest.raises(RuleRefusedError, match="YH1"):
        move(hazard, State.RECTIFYING)
    assert hazard.state == "closed"


def test_a_plan_is_refused_at_each_commitment_that_it_lacks():
    hazard = Hazard(number="YH1", state="notified", level="major", five_commitments={})
    plan = Rectification(responsible="王建国", measures="停用", contingency_plan="")
    with pytest.raises(AnswersRefusedError) as refused:
        commit(hazard, plan)
    assert set(refused.value.errors) == {"funds", "finish_by", "contingency_plan"}
    hazard.level, plan.finish_by = "general", date(2026, 4, 1)
    commit(hazard, plan)
    assert (hazard.state, hazard.five_commitments["finish_by"]) == ("rectifying", "2026-04-01")


def test_a_major_hazard_is_told_of_with_its_clause():
    told = {"place": "配电间", "description": "超期未检", "hazard_class": "electricity", "cause": "object"}
    hazard = Hazard(position=2, level="major", suggestion="停用", deadline=date(2026, 4, 1), **told)
    with pytest.raises(AnswersRefusedError) as refused:
        check_notice(hazard)
    assert "隐患 2 还没有判定依据" in refused.value.errors["hazards"]
    hazard.level = "general"
    check_notice(hazard)


def test_a_scheme_settles_each_matter_of_the_article():
    scheme = ServiceScheme(items=["training"], frequency=2, time_limit="2027-02-28", guarantee=" ")
    with pytest.raises(AnswersRefusedError) as refused:
        check_elements(scheme)
    assert set(refused.value.errors) == {"expected_effect", "guarantee", "complaint_arbitration"}
