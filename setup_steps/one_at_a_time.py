"""Two starts at once: the second waits until the first has finished installing."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from setup_steps.progress import Progress, SetupError

WAIT_SECONDS = 0.2
if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def only_one(folder: Path, progress: Progress) -> Iterator[None]:
    """Hold the installation's lock; it falls with the process, however that ends.

    Raises: SetupError when the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("a+b")
    except OSError as error:
        raise SetupError(
            f"文件夹 {folder.parent} 不可写（{error.strerror}），请把项目放到自己可以写的地方再运行"
        ) from error
    with file:
        if not _take(file):
            progress.say("另一个 run.py 正在安装，等它装完 ……")
            while not _take(file):
                time.sleep(WAIT_SECONDS)
        yield


def _take(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
