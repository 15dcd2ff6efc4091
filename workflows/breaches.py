"""All invariants of the data at once, each breach as a sentence: for the doctor, and for each night."""

from store.invariants import check
from store.scope import Scope
from workflows.runtime import Runtime
from workflows.soundness import check_states
from workflows.verification import PROBLEMS

_SCOPE = Scope.everything("the invariants hold for all rows")
_WORDS = (
    ("open, and waits for nothing", "办理中，却什么也不在等"),
    ("closed, and still waits for something", "已经办结，却还有待办或计时"),
    ("two open work items for token", "同一处有两条待办，"),
    ("claimed or done by nobody", "没有记下是谁在办"),
    ("events of version", "版本"),
    ("have a gap", "的事件缺了一条"),
    ("a command of ", "有一次办理（"),
    (" left no event", "）没有留下事件"),
    ("versions up to ", "到第 "),
    (" are not all told", " 版为止，有的没有留下事件"),
    ("due for more than ten minutes", "到期十分钟以上还没有做"),
    ("dead after its last attempt", "试到最后也没有成功"),
    ("missing or changed", "不在了，或者内容变了"),
    ("have other owners", "的归属与服务单不同"),
    (" rows of ", " 条"),
    ("work item ", "待办 "),
    ("case ", "办件 "),
    ("job ", "任务 "),
    ("file ", "文件 "),
    ("visit ", "服务单 "),
    (", event ", "，事件 "),
    *PROBLEMS.items(),
)
"""What `store.invariants` says, in the words of people."""


def breaches(runtime: Runtime) -> list[str]:
    """Return what is not as it must be, as it stands now."""
    with runtime.database.read(_SCOPE) as session:
        found = check(session, now=runtime.now(), files=runtime.files)
        told = [f"{one.invariant} {_in_words(one.subject)}：{_in_words(one.problem)}" for one in found]
        return told + [f"{one.invariant} {one.subject}：{one.problem}" for one in check_states(session)]


def _in_words(text: str) -> str:
    for said, meant in _WORDS:
        text = text.replace(said, meant)
    return text
