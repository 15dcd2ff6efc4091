"""The hardened door of the import: bytes of any tool in, an element tree out, or a sentence (import.md §5)."""

from __future__ import annotations

import codecs
import math
import re

from lxml import etree

from workflows.engine import DiagramError, parse_foreign_xml
from workflows.engine.xml import BPMN, MAX_COORDINATE, MAX_DEPTH, local, namespace
from workflows.importer.model import RefusedError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]*\?>""")
_TEXT_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENCODINGS = frozenset(
    {"utf-8", "utf-16", "ascii", "iso8859-1", "iso8859-15", "cp1252", "gbk", "gb2312", "gb18030", "big5"}
)
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_GEOMETRY = frozenset({"x", "y", "width", "height"})


def read_foreign(source: bytes) -> etree._Element:
    """Return the `definitions` element of a BPMN file. Raises: RefusedError with a sentence."""
    if not source.strip():
        raise RefusedError("文件是空的。请重新导出 BPMN 2.0 文件。")
    try:
        root = parse_foreign_xml(_as_utf8(source))
    except DiagramError as error:
        raise RefusedError("".join(finding.message_zh for finding in error.findings)) from error
    if namespace(root) != BPMN or local(root) != "definitions":
        told = f"最外层是“{local(root)[:60]}”"
        raise RefusedError(f"这不是 BPMN 2.0 文件（{told}）。请在原来的工具里选“导出 BPMN 2.0”。")
    _check_shape(root)
    return root


def _as_utf8(source: bytes) -> bytes:
    """Return the text in UTF-8 with no declaration, decoded as the file says of itself."""
    encoding = _encoding(source)
    try:
        text = source.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        raise RefusedError(f"文件不是它声明的编码（{encoding}）。请另存为 UTF-8。") from error
    return _TEXT_DECLARATION.sub("", text.lstrip("\ufeff").lstrip(), count=1).encode("utf-8")


def _encoding(source: bytes) -> str:
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return encoding
    declared = _DECLARATION.match(source)
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii")
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if known not in _ENCODINGS:
        raise RefusedError(f"文件声明的编码“{name}”不认识。请另存为 UTF-8。")
    return known


def _check_shape(root: etree._Element) -> None:
    """Refuse what is no drawing of a process but an attack: depth, hidden processes, inclusions, wild numbers."""
    pending = [(root, 1)]
    while pending:
        element, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise RefusedError(f"元素嵌套超过 {MAX_DEPTH} 层。请把流程拆开。")
        _check_element(element)
        pending.extend((child, depth + 1) for child in element)


def _check_element(element: etree._Element) -> None:
    parent = element.getparent()
    if namespace(element) == _XINCLUDE:
        raise RefusedError("文件里有 XInclude，会去取别的文件。请删去后再导入。")
    if namespace(element) != BPMN:
        for name in _GEOMETRY & {str(key) for key in element.attrib}:
            _check_number(element, name)
        return
    if local(element) == "process" and (parent is None or local(parent) != "definitions"):
        told = element.get("id") or ""
        raise RefusedError(f"流程“{told[:64]}”不在文件的最外层，可能是藏起来的流程。请删去后再导入。")


def _check_number(element: etree._Element, name: str) -> None:
    if local(element) not in ("Bounds", "waypoint"):
        return
    text = element.get(name) or ""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > MAX_COORDINATE:
        raise RefusedError(f"坐标“{name}”的值“{text[:20]}”不是合理的数字。请在原来的工具里重新导出。")
