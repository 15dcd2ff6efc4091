"""Loads sample data: registers through the importer, cases by their people's commands, as time passes."""

from collections.abc import Callable
from random import Random

from demo.assessing import assess
from demo.city import City, Plot
from demo.days import Days
from demo.past import Past, Walked
from demo.stories import stories
from rules.working_days import published_calendar
from workflows.runtime import Runtime

ROUNDS = {"demo": 1, "standard": 3, "load": 10}
"""How often each story is lived, by size."""


def load(runtime: Runtime, size: str, tell: Callable[[str], None]) -> None:
    """Fill an empty database with a sample city of this size."""
    days = Days(runtime.now(), published_calendar())
    told = stories(ROUNDS[size])
    dice = Random(size)  # noqa: S311 — sample data
    terms = [story.terms(days, dice) for story in told]
    plots = [Plot(story.kind, each) for story, each in zip(told, terms, strict=True)]
    city = City(size, days.today, plots)
    units = list(city.rows())
    walked = [
        Walked(story, unit, each.signed or days.ago(story.signed or 0))
        for story, each, unit in zip(told, terms, units, strict=False)
    ]
    others = units[len(walked) :]
    past = Past(runtime, days, tell)
    tell(f"办理 {len(walked)} 家单位的服务")
    past.live(walked)
    tell(f"登记另外 {len(others)} 家单位和保单")
    past.register("policyholders", "投保单位", (unit.holder for unit in others))
    past.register("year_facts", "年度事实", city.year_facts(others))
    past.register("policies", "保单", (unit.policy for unit in others))
    past.register("claims", "理赔", city.claims(units))
    tell("开服务周期")
    past.move_on()
    tell("写报送的报告")
    past.report()
    tell("开始今年的考核")
    assess(runtime)
    tell("办集中培训")
    past.gather()
