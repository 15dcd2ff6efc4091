"""A sample city by the distributions of the domain, from a fixed seed: units, policies, claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.offices import UNIT, sample_uscc
from rules.codes import region
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
SURRENDERED, SHORT, LONG, HISTORY, CLAIMED = 0.02, 0.08, 0.05, 0.01, 0.04


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit with its policy, as the sheets name them."""

    holder: dict[str, str]
    policy: dict[str, str]


class City:
    """Draws the sample from seeded dice; the same seed gives the same city."""

    def __init__(self, size: str, today: date, seed: int = 20200601) -> None:
        """Plan a city of this size around this day."""
        self.units = SIZES[size]
        self._today = today
        self._dice = Random(seed)  # noqa: S311 — sample data

    def rows(self) -> Iterator[Unit]:
        """Give the units; the first is the one of the demo account."""
        for number in range(self.units):
            kind = "metal_smelting" if number == 0 else self._of(KINDS)
            yield Unit(self._holder(number, kind), self._policy(number))

    def claims(self) -> Iterator[dict[str, str]]:
        """Give claims on some policies."""
        for number in range(self.units):
            if self._dice.random() < CLAIMED:
                day = self._today - timedelta(days=self._dice.randint(1, 60))
                yield {
                    "number": f"LP{number:07d}",
                    "policy_number": policy_number(number),
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
            "gbt4754": CODES[kind],
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

    def _policy(self, number: int) -> dict[str, str]:
        dice = self._dice
        premium = (
            FORCED[number - 1] if 0 < number <= len(FORCED) else max(800.0, dice.lognormvariate(8.85, 1.5))
        )
        start = self._today - timedelta(days=dice.randint(0, 330))
        days = 364 if dice.random() > SHORT else dice.randint(120, 290)
        end = start + timedelta(days=days if dice.random() > LONG else 729)
        amount = f"{Decimal(str(premium)):.2f}"
        return {
            "number": policy_number(number),
            "policyholder_uscc": sample_uscc(number),
            "written_premium": amount,
            "collected_premium": amount,
            "term_start": start.isoformat(),
            "term_end": max(end, self._today + timedelta(days=30)).isoformat(),
            "signed_on": start.isoformat(),
            "insured_persons": str(dice.randint(5, 200)),
        }


def policy_number(number: int) -> str:
    """Return the number of a sample policy."""
    return f"AZX3303{number:08d}"
