"""Decision files on disk, for the commands that read them."""

from pathlib import Path
from xml.etree import ElementTree as ET

from tests.feel.models import decision, definitions, input_data, literal, service, table

DMN_TYPE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def write(folder: Path, name: str, *parts: str, **more: str) -> Path:
    """Write a model and return its path."""
    path = folder / name
    path.write_bytes(ET.tostring(definitions(*parts, **more), encoding="utf-8"))
    return path


def visits(folder: Path) -> Path:
    """Write a model of visits by premium."""
    rules = ["< 30000; - => 1", "[30000..60000); false => 2", "[30000..60000); true => 4", ">= 60000; - => 4"]
    return write(
        folder,
        "visits.dmn",
        input_data("保费", "number"),
        input_data("高危", "boolean"),
        decision("次数", table(["保费", "高危"], [":number"], rules), ["input:保费", "input:高危"]),
        decision("两倍", literal("次数 * 2"), ["decision:次数"]),
        service("服务", ["次数", "两倍"], ["保费", "高危"]),
        decision("坏的", literal("1 +")),
    )
