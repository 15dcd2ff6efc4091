"""A report in words: its cells, its parts, what it promises."""

from collections.abc import Mapping

from rules.codes import regions, zones
from rules.vocabulary import label

MONTHLY_PARTS = {
    "trend": "趋势",
    "causes": "原因",
    "measures": "措施",
    "focus_units": "重点单位",
    "note": "补注",
}
"""What is written beside a month's figures."""


def cell_lines(cells: list[Mapping[str, object]]) -> list[str]:
    """Return the cells in which hazards were found, the fullest first, in words."""
    filled = sorted(
        (cell for cell in cells if cell["hazards_found"]), key=lambda cell: -int(str(cell["hazards_found"]))
    )
    return [f"{'　'.join(cell_words(cell))}　{cell['hazards_found']} 项" for cell in filled]


def cell_words(cell: Mapping[str, object]) -> tuple[str, str, str]:
    """Return trade, region and class of a cell in words."""
    trade, code, kind = (str(cell[name]) for name in ("industry", "region_code", "category"))
    return label("high_risk_kind", trade or "none"), region_word(code), label("hazard_class", kind)


def region_word(code: str) -> str:
    """Return the name of a region or zone; a code that Wenzhou never had speaks for itself."""
    known = regions().get(code) or zones().get(code)
    return known.name if known is not None else code


def improvement_line(row: Mapping[str, object]) -> str:
    """Return a promised improvement in one line."""
    return f"{row.get('measure')}（{by_whom(row)}）"


def by_whom(row: Mapping[str, object]) -> str:
    """Return who is to do a promised improvement, until when."""
    return f"{row.get('responsible')}，{row.get('finish_by')} 前"
