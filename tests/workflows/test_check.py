"""What a diagram must satisfy to be published, beyond what the engine knows."""

import pytest

from tests.workflows.engine.drawing import catch, draw, end, shape, signal, start, step
from workflows.check import check_process
from workflows.engine import DiagramError, compile_process


@pytest.mark.parametrize(
    ("shapes", "flows"),
    [
        ([start(), catch("event", signal("alarm")), end()], "start > event > end"),
        ([start(), shape("intermediateThrowEvent", "event", signal("alarm")), end()], "start > event > end"),
        ([start(), shape("endEvent", "event", signal("alarm"))], "start > event"),
        (
            [start(), step("a"), shape("boundaryEvent", "event", signal("alarm"), attachedToRef="a"), end()],
            "start > a > end; event > end",
        ),
    ],
)
def test_a_diagram_with_signals_is_not_published_and_the_way_round_is_told(shapes, flows):
    spec = compile_process(draw(shapes, flows))
    with pytest.raises(DiagramError) as told:
        check_process(spec, frozenset({"a"}))
    assert "event [signal]" in str(told.value)
    assert "请改用消息" in str(told.value)
