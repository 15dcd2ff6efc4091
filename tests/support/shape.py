"""What a source file or template must not look like; each function returns its findings as sentences."""

import ast
import re
from collections.abc import Iterator

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
# A call by one of these names can run data as code, or data as a shell command.
BANNED_CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "yaml.load",
    "yaml.unsafe_load",
    "flask.render_template_string",
    "render_template_string",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
}
BANNED_IMPORTS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
COMMENTS = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
TAGS = re.compile(r"<[a-z][^>]*>", re.IGNORECASE | re.DOTALL)
BUTTONS = re.compile(r"<button\b[^>]*>(.*?)</button>", re.DOTALL)
STYLE = re.compile(r"\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']", re.IGNORECASE)
MARKED_SAFE = re.compile(r"\|\s*safe\b")
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE)


def too_long(source: str) -> Iterator[str]:
    """Find modules and functions that are longer than a reader can hold in view."""
    lines = len(source.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{lines} lines; split it by idea"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = _length(node)
            if length > LONGEST_FUNCTION:
                yield f"line {node.lineno}: {node.name} has {length} lines"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    end = node.end_lineno or node.lineno
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return end - node.lineno + 1 - docstring


def dangerous(source: str) -> Iterator[str]:
    """Find calls and imports that can run data as code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _dangerous_call(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            yield from (
                f"line {node.lineno}: imports {n}" for n in names if n.split(".")[0] in BANNED_IMPORTS
            )


def _dangerous_call(node: ast.Call) -> Iterator[str]:
    if ast.unparse(node.func) in BANNED_CALLS:
        yield f"line {node.lineno}: calls {ast.unparse(node.func)}"
    for keyword in node.keywords:
        if keyword.arg == "shell" and not (
            isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        ):
            yield f"line {node.lineno}: shell={ast.unparse(keyword.value)}"


def clocks(source: str) -> Iterator[str]:
    """Find readings of the wall clock: below the pages and the worker it is an argument."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).split(".")[-1]
            if owner in {"datetime", "date"} and node.func.attr in {"now", "today", "utcnow"}:
                yield f"line {node.lineno}: {ast.unparse(node.func)}()"
            if owner == "time" and node.func.attr in {"time", "time_ns"}:
                yield f"line {node.lineno}: {ast.unparse(node.func)}()"


def against_policy(template: str) -> Iterator[str]:
    """Find what a strict content security policy forbids, and unescaped output."""
    text = COMMENTS.sub("", template)
    for tag in TAGS.findall(text):
        if STYLE.search(tag):
            yield f"inline style: {tag}"
        if HANDLER.search(tag):
            yield f"inline handler: {tag}"
    if INLINE_SCRIPT.search(text):
        yield "inline script"
    if MARKED_SAFE.search(text):
        yield "|safe"


def ill_worded(template: str, *, for_policyholders: bool) -> Iterator[str]:
    """Find words that users do not read here."""
    text = COMMENTS.sub("", template)
    if "超期" in text:
        yield "超期: write 逾期"
    if "您" in text and not for_policyholders:
        yield "您: staff is 你"
    if "！" in text:
        yield "an exclamation mark"
    for label in BUTTONS.findall(text):
        words = re.sub(r"<[^>]*>|\{\{[^}]*icon\([^}]*\}\}", "", label)
        if "请" in words:
            yield f"请 on a button: {words.strip()}"
        if re.fullmatch(r"[\s\"'{}_()]*(确定|取消|提交|成功|失败)[\s\"'{}_()]*", words):
            yield f"a button that names no object: {words.strip()}"
