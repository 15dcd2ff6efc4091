"""Starting other programs: their output is shown, they end in time, and failures are explained."""

import os
import shlex
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from setup_steps.progress import Progress, SetupError

LIMIT_SECONDS = 1200
KEPT_LINES = 40
NETWORK_SIGNS = (
    "dns error",
    "could not resolve",
    "name resolution",
    "getaddrinfo",
    "enotfound",
    "eai_again",
    "econnrefused",
    "econnreset",
    "etimedout",
    "connection refused",
    "network is unreachable",
    "newconnectionerror",
    "error sending request",
    "timed out",
    "no route to host",
    "proxyerror",
    "tunnel error",
)
CERTIFICATE_SIGNS = ("certificate", "unknownissuer", "unable_to_get_issuer", "self_signed_cert", "ssl")
FULL_DISK_SIGNS = ("no space left", "enospc", "disk quota")
READ_ONLY_SIGNS = ("read-only file system", "permission denied", "eacces", "erofs")


class ChildError(SetupError):
    """A program that setting up needs has failed or was ended."""

    def __init__(self, what: str, command: Sequence[str], cwd: Path, output: str) -> None:
        self.what = what
        self.output = output
        self.repeat = f"cd {shlex.quote(str(cwd))} && {shlex.join(command)}"
        super().__init__(f"{what}没有成功：{remedy(output)}单独重试这一步：{self.repeat}")


def run(
    what: str,
    command: Sequence[str],
    *,
    cwd: Path,
    progress: Progress,
    extra: Mapping[str, str] | None = None,
    limit: float = LIMIT_SECONDS,
) -> None:
    """Run a program to its end with its output shown line by line.

    The environment is handed on whole: proxies, mirrors and certificates live there.
    Raises: ChildError when it fails, cannot be started, or takes longer than `limit` seconds.
    """
    tail: deque[str] = deque(maxlen=KEPT_LINES)
    try:
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise ChildError(what, command, cwd, str(error)) from error
    overdue = threading.Timer(limit, child.kill)
    overdue.start()
    try:
        _show(child, tail, progress)
    except BaseException:
        child.kill()
        raise
    finally:
        overdue.cancel()
        child.wait()
    if child.returncode:
        raise ChildError(what, command, cwd, "\n".join(tail))


def _show(child: "subprocess.Popen[str]", tail: "deque[str]", progress: Progress) -> None:
    if child.stdout is None:
        return
    with child.stdout:
        for line in child.stdout:
            text = line.rstrip()
            if text:
                tail.append(text)
                progress.say(f"    {text}")


def lacks_network(output: str) -> bool:
    """Tell whether a program's last words are about an unreachable network."""
    return _has(output, NETWORK_SIGNS)


def distrusts_certificate(output: str) -> bool:
    """Tell whether a program's last words are about certificates."""
    return _has(output, CERTIFICATE_SIGNS)


def remedy(output: str) -> str:
    """Return what to do about a failure, in one sentence; empty when it is not known."""
    if _has(output, FULL_DISK_SIGNS):
        return "磁盘满了，请腾出至少 1 GB 再运行 python3 run.py。"
    if _has(output, READ_ONLY_SIGNS):
        return "文件夹不可写，请把项目放到自己可以写的地方再运行。"
    if distrusts_certificate(output):
        return "网络证书不受信任，请把公司证书的路径设为 SSL_CERT_FILE 和 NODE_EXTRA_CA_CERTS 再运行。"
    if lacks_network(output):
        return (
            "连不上软件源，请检查网络，或设置镜像（pip config set global.index-url …，"
            "npm config set registry …）再运行 python3 run.py。"
        )
    return ""


def _has(output: str, signs: Sequence[str]) -> bool:
    low = output.lower()
    return any(sign in low for sign in signs)
