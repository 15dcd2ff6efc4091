"""The hardened reader of BPMN and DMN files: bytes in, a checked element tree out.

Order (security.md §4): size, text, parse, walk. Nothing of the file is followed, expanded or fetched. What
the walk refuses is listed whole, so that a person mends a file in one go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

from workflows.engine.errors import DiagramError, Finding

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WEIRAN = "urn:weiran:bpmn:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = frozenset(
    {
        BPMN,
        WEIRAN,
        XSI,
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "http://www.omg.org/spec/DMN/20180521/DMNDI/",
        "https://www.omg.org/spec/DMN/20191111/DMNDI/",
        "https://www.omg.org/spec/DMN/20211108/DMNDI/",
        "https://www.omg.org/spec/DMN/20230324/DMNDI/",
        "http://www.omg.org/spec/DMN/20180521/DI/",
        "http://www.omg.org/spec/DMN/20180521/DC/",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://bpmn.io/schema/dmn/biodi/2.0",
    },
)
MAX_BYTES = 2_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100
MAX_NAME = 200
MAX_COORDINATE = 1_000_000
ID = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
_REFUSED_TEXT = (b"<!DOCTYPE", b"<!ENTITY")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NUMBERS = frozenset({"x", "y", "width", "height"})


def parse_xml(source: bytes) -> etree._Element:
    """Return the root element of a file that may become part of a release.

    Raises: DiagramError with every finding.
    """
    root = _parsed(source)
    findings = tuple(_walk(root))
    if findings:
        raise DiagramError(findings)
    return root


def form_findings(source: bytes) -> tuple[Finding, ...]:
    """Return what keeps a file from becoming part of a release: elements, names, numbers. Raises: DiagramError."""
    return tuple(_walk(_parsed(source)))


def parse_foreign_xml(source: bytes) -> etree._Element:
    """Return the root element of a file of another tool that is only read: any names, the same bounds.

    Raises: DiagramError.
    """
    root = _parsed(source)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise _refusal("size", f"元素多于 {MAX_ELEMENTS} 个。")
    return root


def _parsed(source: bytes) -> etree._Element:
    _check_text(source)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
        encoding="utf-8",
        collect_ids=False,
        attribute_defaults=False,
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal("xml", f"文件不是合法的 XML：第 {error.lineno} 行附近有错。") from error
    # The text has been searched for one already; this is the second lock on the same door.
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr] # pragma: no cover
        raise _refusal("doctype", "文件里不能有 DOCTYPE。")
    return root


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    """Return the namespace of an element, empty if none."""
    return etree.QName(element).namespace or ""


def _check_text(source: bytes) -> None:
    if len(source) > MAX_BYTES:
        raise _refusal("size", f"文件有 {len(source)} 字节，超过 {MAX_BYTES} 字节的上限。")
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal("encoding", f"文件不是 UTF-8 编码（第 {error.start} 字节）。") from error
    upper = source.upper()
    if any(text in upper for text in _REFUSED_TEXT):
        raise _refusal("doctype", "文件里不能有 DOCTYPE 或 ENTITY。")


def _refusal(rule: str, message: str) -> DiagramError:
    return DiagramError((Finding(None, rule, message),))


def _walk(root: etree._Element) -> Iterator[Finding]:
    seen: set[str] = set()
    pending: list[tuple[etree._Element, int]] = [(root, 1)]
    count = 0
    while pending:
        element, depth = pending.pop()
        count += 1
        if count > MAX_ELEMENTS:
            yield Finding(None, "size", f"元素多于 {MAX_ELEMENTS} 个。")
            return
        if depth > MAX_DEPTH:
            yield Finding(element.get("id"), "depth", f"元素嵌套超过 {MAX_DEPTH} 层。")
            return
        yield from _element_findings(element, seen)
        pending.extend((child, depth + 1) for child in reversed(element))


def _element_findings(element: etree._Element, seen: set[str]) -> Iterator[Finding]:
    identity = element.get("id")
    if namespace(element) not in NAMESPACES:
        yield Finding(
            identity,
            "namespace",
            f"元素“{local(element)}”不属于允许的命名空间（{namespace(element) or '无'}）。",
        )
    if (
        local(element) == "process"
        and (parent := element.getparent()) is not None
        and local(parent) != "definitions"
    ):
        yield Finding(identity, "process_place", f"流程“{identity}”不在文件的最外层，可能是藏起来的流程。")
    if identity is not None:
        yield from _id_findings(identity, seen)
    for name, value in element.attrib.items():
        yield from _attribute_findings(element, str(name), str(value))


def _id_findings(identity: str, seen: set[str]) -> Iterator[Finding]:
    if not ID.fullmatch(identity):
        yield Finding(
            identity[:64], "id", f"编号“{identity[:64]}”不合规：以英文字母或下划线开头，最多 64 个字符。"
        )
    elif identity in seen:
        yield Finding(identity, "id_unique", f"编号“{identity}”用了不止一次。")
    seen.add(identity)


def _attribute_findings(element: etree._Element, name: str, value: str) -> Iterator[Finding]:
    identity = element.get("id")
    qualified = etree.QName(name)
    if qualified.namespace and qualified.namespace not in NAMESPACES:
        yield Finding(
            identity,
            "namespace",
            f"属性“{qualified.localname}”不属于允许的命名空间（{qualified.namespace}）。",
        )
    if name == "name" and (len(value) > MAX_NAME or _UNSAFE.search(value)):
        yield Finding(identity, "name", f"名称超过 {MAX_NAME} 个字符，或含有不可见的控制字符。")
    if name in _NUMBERS and not _is_coordinate(value):
        yield Finding(identity, "number", f"坐标“{name}”的值“{value[:20]}”不是合理的数字。")


def _is_coordinate(value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and abs(number) <= MAX_COORDINATE


def child_text(element: etree._Element, name: str) -> str | None:
    """Return the text of a child of the BPMN namespace, None if it is absent or blank."""
    found = element.find(f"{{{BPMN}}}{name}")
    if found is None:
        return None
    text = "".join(str(part) for part in found.itertext()).strip()
    return text or None


def documentation(element: etree._Element) -> str:
    """Return the documentation of a BPMN element as plain text."""
    return child_text(element, "documentation") or ""
