"""The catalogue (卷内目录) and the metadata of an archive package, after DA/T 46 and DA/T 48."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from documents.filling import BEIJING
from documents.package_content import PackageContent
from documents.sheets.cells import harmless

CatalogueRow = tuple[str, str, date | None, int | None]
"""Path in the package, title, date, pages."""


def catalogue_csv(rows: Sequence[CatalogueRow], digests: Mapping[str, str]) -> bytes:
    """Return 卷内目录 as CSV that a spreadsheet opens without running anything in it."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("序号", "名称", "日期", "页数", "文件", "摘要"))
    for number, (path, title, on, pages) in enumerate(rows, 1):
        row = (number, harmless(title), on.isoformat() if on else "", pages or "", path, digests[path])
        writer.writerow(row)
    return target.getvalue().encode("utf-8-sig")


def metadata_xml(
    content: PackageContent,
    rows: Sequence[CatalogueRow],
    digests: Mapping[str, str],
    sizes: Mapping[str, int],
) -> bytes:
    """Return the package's description: origin, number, title, dates, retention, each file."""
    root = Element("电子文件封装包")
    _add(
        SubElement(root, "封装包格式描述"),
        {"封装包格式": "BagIt 1.0", "元数据": "DA/T 46", "封装": "DA/T 48"},
    )
    record = SubElement(root, "封装内容")
    _add(record, _record_facts(content, len(rows)))
    for number, (path, title, on, pages) in enumerate(rows, 1):
        _add(
            SubElement(record, "文件", 序号=str(number)),
            {
                "题名": title,
                "日期": on.isoformat() if on else "",
                "页数": str(pages or ""),
                "计算机文件名": path,
                "格式": PurePosixPath(path).suffix.lstrip("."),
                "计算机文件大小": str(sizes[path]),
                "摘要算法": "SHA-256",
                "摘要": digests[path],
            },
        )
    indent(root)
    return bytes(tostring(root, "utf-8", xml_declaration=True))


def _record_facts(content: PackageContent, pieces: int) -> dict[str, str]:
    return {
        "聚合层次": "案卷",
        "立档单位名称": content.provider,
        "电子文件号": content.case_id,
        "档号": content.number,
        "题名": content.title,
        "责任者": content.provider,
        "保险机构": content.insurer,
        "投保单位": content.policyholder,
        "统一社会信用代码": content.uscc,
        "保单号": content.policy_number,
        "起始日期": content.period_start.isoformat(),
        "终止日期": content.period_end.isoformat(),
        "归档时间": content.sealed_at.astimezone(BEIJING).isoformat(),
        "归档确认": content.confirmed_by,
        "保管至": content.retain_until.isoformat(),
        "件数": str(pieces),
    }


def _add(parent: Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = "".join(c for c in value if c >= " " or c in "\t\n")
