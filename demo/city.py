"""A sample city by the distributions of the domain, from a fixed seed: units, policies, claims."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from msgspec import Struct

from demo.accounts import UNIT
from demo.offices import sample_uscc
from rules.codes import region
from rules.policy_years import anniversary
from rules.vocabulary import label

SIZES = {"demo": 300, "standard": 3_000, "load": 30_000}
FORCED = (29_999.99, 30_000.0, 30_000.01, 59_999.99, 60_000.0, 60_000.01, 99_999.99, 100_000.0, 100_000.01)
REGIONS = {
    "330382": 18,
    "330381": 18,
    "330303": 14,
    "330304": 12,
    "330302": 10,
    "330324": 8,
    "330326": 7,
    "330327": 6,
    "330383": 4,
    "330305": 1.5,
    "330329": 0.8,
    "330328": 0.7,
}
KINDS = {
    "none": 70,
    "construction": 12,
    "transport": 8,
    "hazardous_chemicals": 5,
    "marine_fishery": 2.5,
    "fireworks": 1.3,
    "metal_smelting": 0.8,
    "non_coal_mine": 0.3,
    "civil_explosives": 0.1,
}
CODES = {
    "none": "C3311",
    "construction": "E4710",
    "transport": "G5430",
    "hazardous_chemicals": "C2614",
    "marine_fishery": "A0421",
    "fireworks": "C2672",
    "metal_smelting": "C3110",
    "non_coal_mine": "B1011",
    "civil_explosives": "C2671",
}
FUEL = "F5265"
"""Retail of motor fuel: such a unit has the checklist of annex 2 for filling stations."""
FIRST = (
    "瓯海",
    "柳岙",
    "汇川",
    "丰前",
    "海纳",
    "恒越",
    "百溪",
    "宏印",
    "东岙",
    "立诚",
    "鳌水",
    "昆水",
    "兴达",
    "华汇",
    "永强",
    "双屿",
    "仰义",
    "沙河",
    "南塘",
    "白象",
)
SECOND = (
    "汇鑫",
    "顺捷",
    "恒泰",
    "立信",
    "宏发",
    "永固",
    "新越",
    "长安",
    "广源",
    "海川",
    "金泰",
    "佳诚",
    "万通",
    "联丰",
    "正元",
    "安达",
    "嘉禾",
    "瑞祥",
    "同益",
    "大成",
)
TRADE = {
    "none": ["阀门制造有限公司", "鞋材有限公司", "电气有限公司", "冷链食品有限公司", "彩印包装有限公司"],
    "construction": ["建筑工程有限公司", "市政园林有限公司"],
    "transport": ["危货运输有限公司", "物流有限公司"],
    "hazardous_chemicals": ["化工有限公司", "加油站", "涂料有限公司"],
    "marine_fishery": ["渔业专业合作社", "远洋捕捞有限公司"],
    "fireworks": ["烟花爆竹销售有限公司"],
    "metal_smelting": ["铸造有限公司", "铜业有限公司"],
    "non_coal_mine": ["砾石矿业有限公司"],
    "civil_explosives": ["民用爆破器材有限公司"],
}
FAMILY = ["黄", "陈", "林", "周", "潘", "温", "叶", "金", "吴", "郑", "徐", "朱"]
GIVEN = ["建洲", "启明", "若衡", "行知", "海东", "国强", "丽华", "晓燕", "文斌", "志远", "秀珍", "宏伟"]
SHORT, LONG, CLAIMED = 0.08, 0.05, 0.04
LISTED, STRUCK = 25, 75
"""Which of each hundred units was listed for dishonesty, and which had a grave accident: 1 % each."""
SIGNED_LATELY, BEGINS_SOON = 7, 21
"""Days: policies arrive soon after they were signed, and begin within three weeks."""


class Unit(Struct, frozen=True):
    """One unit with its policy, as the sheets name them."""

    holder: dict[str, str]
    policy: dict[str, str]


class Terms(Struct, frozen=True):
    """The premium in yuan, the first and last day of the term, the day of signing if it is signed."""

    premium: float
    start: date
    end: date
    signed: date | None


class Plot(Struct, frozen=True):
    """What is settled about a unit before the dice are cast."""

    kind: str
    terms: Terms


class City:
    """Draws the sample from seeded dice; the same seed gives the same city."""

    def __init__(self, size: str, today: date, plots: Sequence[Plot] = (), seed: int = 20200601) -> None:
        """Plan a city of this size around this day; its first units have plots."""
        self.units = SIZES[size]
        self._today = today
        self._plots = plots
        self._dice = Random(seed)  # noqa: S311 — sample data

    def rows(self) -> Iterator[Unit]:
        """Give the units; the first is the one of the demo account."""
        for number in range(self.units):
            plot = self._plots[number] if number < len(self._plots) else None
            kind = plot.kind if plot else self._of(KINDS)
            terms = plot.terms if plot else self._terms(number - max(1, len(self._plots)))
            yield Unit(self._holder(number, kind), self._policy(number, terms))

    def year_facts(self, units: Iterable[Unit]) -> Iterator[dict[str, str]]:
        """Give the year before its policy of each unit that was listed or had a grave accident."""
        for number, unit in enumerate(units):
            year = date.fromisoformat(unit.policy["term_start"]).year - 1
            row = {
                "policyholder_name": unit.holder["name"],
                "policyholder_uscc": unit.holder["uscc"],
                "year": str(year),
            }
            if number % 100 == LISTED:
                yield row | {
                    "dishonesty_listing": "是",
                    "dishonesty_level": "县级",
                    "dishonesty_number": f"温应急〔{year}〕{number + 1}号",
                    "dishonesty_from": date(year, 5, 6).isoformat(),
                }
            elif number % 100 == STRUCK:
                yield row | {
                    "accident_on": date(year, 8, 12).isoformat(),
                    "deaths": "0",
                    "injured": str(self._dice.randint(3, 5)),
                    "description": "叉车侧翻，伤及同班工人",
                }

    def claims(self, units: Iterable[Unit]) -> Iterator[dict[str, str]]:
        """Give claims on some of the policies whose terms have begun."""
        for number, unit in enumerate(units):
            begun = (self._today - date.fromisoformat(unit.policy["term_start"])).days
            if begun > 0 and self._dice.random() < CLAIMED:
                day = self._today - timedelta(days=self._dice.randint(0, begun - 1))
                yield {
                    "number": f"LP{number:07d}",
                    "policy_number": unit.policy["number"],
                    "occurred": day.isoformat(),
                    "reported": day.isoformat(),
                    "paid": f"{self._dice.lognormvariate(10.8, 1):.2f}",
                    "state": "已决",
                }

    def _of(self, weights: dict[str, float]) -> str:
        return self._dice.choices(list(weights), list(weights.values()))[0]

    def _holder(self, number: int, kind: str) -> dict[str, str]:
        dice = self._dice
        code = self._of(REGIONS)
        person = dice.choice(FAMILY) + dice.choice(GIVEN)
        place = region(code).name
        name = UNIT if number == 0 else self._name(place, kind, number)
        return {
            "name": name,
            "uscc": sample_uscc(number),
            "region_code": code,
            "address": f"{place}工业区 {dice.randint(1, 200)} 号",
            "contact": person,
            "mobile": f"1990000{number % 10000:04d}",
            "high_risk_kind": label("high_risk_kind", kind),
            "gbt4754": FUEL if name.endswith("加油站") else CODES[kind],
            "is_key": "是" if dice.random() < 0.08 else "否",
            "employees": str(dice.randint(6, 260)),
            "legal_person": dice.choice(FAMILY) + dice.choice(GIVEN),
            "safety_officer": person,
            "risk_level": dice.choices("红橙黄蓝", (5, 25, 45, 25))[0],
        }

    def _name(self, place: str, kind: str, number: int) -> str:
        first, second = FIRST[number % len(FIRST)], SECOND[number // len(FIRST) % len(SECOND)]
        serial = number // (len(FIRST) * len(SECOND))
        return f"{place}{first}{second}{serial or ''}{self._dice.choice(TRADE[kind])}"

    def _terms(self, drawn: int) -> Terms:
        """Draw the terms of a policy that nothing was settled about; the first ones lie at the edges of bands."""
        dice = self._dice
        premium = FORCED[drawn] if 0 <= drawn < len(FORCED) else max(800.0, dice.lognormvariate(8.85, 1.5))
        start = self._today + timedelta(days=dice.randint(-SIGNED_LATELY, BEGINS_SOON))
        short = 0 if dice.random() > SHORT else dice.randint(120, 290)
        years = 1 if dice.random() > LONG else 2
        is_whole = years > 1 or not short
        end = anniversary(start, years) - timedelta(days=1) if is_whole else start + timedelta(days=short)
        return Terms(premium, start, end, min(start, self._today - timedelta(days=dice.randint(0, 5))))

    def _policy(self, number: int, terms: Terms) -> dict[str, str]:
        amount = f"{Decimal(str(terms.premium)):.2f}"
        return {
            "number": policy_number(number),
            "policyholder_uscc": sample_uscc(number),
            "written_premium": amount,
            "collected_premium": amount,
            "term_start": terms.start.isoformat(),
            "term_end": terms.end.isoformat(),
            "signed_on": terms.signed.isoformat() if terms.signed else "",
            "insured_persons": str(self._dice.randint(5, 200)),
        }


def policy_number(number: int) -> str:
    """Return the number of a sample policy."""
    return f"AZX3303{number:08d}"
