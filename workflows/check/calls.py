"""A check of calls: the called process is there, can begin by itself, and calls do not turn in circles."""

from collections.abc import Callable, Iterator

from workflows.engine import Finding, Spec

MAX_DEPTH = 5
Find = Callable[[str], Spec | None]


def call_findings(spec: Spec, find: Find) -> Iterator[Finding]:
    """Give what is wrong with the processes that a process calls; `find` knows the others by their keys."""
    for element, node in spec.nodes.items():
        if node["type"] == "callActivity":
            for reason in _reasons(str(node["process"]), (spec.key,), find):
                yield Finding(element, "call", f"调用活动“{node['name']}”{reason}")


def _reasons(process: str, above: tuple[str, ...], find: Find) -> Iterator[str]:
    if process in above:
        way = " → ".join((*above, process))
        yield f"转了圈：{way}。请让最里面的流程用消息告诉外面的，不要再调用"
        return
    if len(above) > MAX_DEPTH:
        yield f"套了 {MAX_DEPTH} 层以上。请把最里面的几层合成一个流程"
        return
    called = find(process)
    if called is None:
        yield f"调用的流程“{process}”不存在。请改成已有的流程，或先建好它"
        return
    if [point.kind for point in called.starts.values()].count("none") != 1:
        yield f"调用的流程“{process}”要有且只有一个普通的开始事件。请给它加一个"
    for inner in called.calls:
        yield from _reasons(inner, (*above, process), find)
