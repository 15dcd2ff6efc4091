"""What run.py does before the environment exists: standard library only."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from setup_steps.environment import Environment
from setup_steps.front_end import FrontEnd
from setup_steps.node import Node, find_node
from setup_steps.one_at_a_time import only_one
from setup_steps.progress import Progress, SetupError

FIRST_TIME = "第一次启动：下载并安装 Python 库、前端库和字体，共约 250 MB；以后几秒就能启动。"


def prepare(root: Path, *, for_tests: bool = False, pages: bool = True) -> Environment:
    """Bring the checkout to the state in which it can run, doing only what is not done yet.

    Without `pages` the front end is left as it is, for commands that show none.

    Raises: SetupError with one line saying what to do.
    """
    progress = Progress()
    environment = Environment(root, progress)
    front_end = FrontEnd(root, progress) if pages or for_tests else None
    if _is_done(environment, front_end, for_tests=for_tests):
        return environment
    with only_one(root / ".setup", progress):
        if not environment.is_ready(for_tests=for_tests):
            if not environment.folder.exists():
                progress.say(FIRST_TIME)
            environment.make_ready(for_tests=for_tests)
        if front_end:
            _prepare_front_end(environment, front_end, for_tests=for_tests)
    return environment


def _is_done(environment: Environment, front_end: FrontEnd | None, *, for_tests: bool) -> bool:
    return environment.is_ready(for_tests=for_tests) and (
        front_end is None
        or (front_end.is_bundled() and front_end.has_faces() and (front_end.has_modules() or not for_tests))
    )


def _prepare_front_end(environment: Environment, front_end: FrontEnd, *, for_tests: bool) -> None:
    needs_modules = for_tests and not front_end.has_modules()
    if front_end.is_bundled() and front_end.has_faces() and not needs_modules:
        return
    node = find_node(environment)
    with ThreadPoolExecutor(max_workers=2) as beside:
        beside.submit(environment.load_once)
        faces = None if front_end.has_faces() else beside.submit(front_end.fetch_faces, node)
        if needs_modules:
            front_end.install_modules(node)
        if not front_end.is_bundled():
            front_end.bundle(node)
        _await_faces(faces, environment.progress)


def _await_faces(faces: "Future[None] | None", progress: Progress) -> None:
    """Wait for the faces; without them only documents wait, and the next start tries again."""
    if faces is None:
        return
    try:
        faces.result()
    except SetupError as error:
        progress.say(f"  字体暂缺，文书会排队等字体：{error}")


__all__ = ["Environment", "Node", "SetupError", "prepare"]
