"""The program that speaks HTTP: gunicorn where there is fork, waitress on Windows."""

import errno
import socket
import sys
from collections.abc import Callable

from flask import Flask

from webapp.errors import page_unasked

THREADS = 8
GRACE_SECONDS = 5
REQUEST_SECONDS = 120


class AddressError(Exception):
    """The address cannot be listened on; the message says what to do."""


def check_address(host: str, port: int) -> None:
    """Find out early whether the address is free.

    Raises: AddressError when it is in use, not this machine's, or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise AddressError(_why_not(error, host, port)) from error


def _why_not(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"端口 {port} 已被占用，请换一个：python3 run.py --port {port + 1}"
    if number == errno.EACCES:
        return f"不允许使用端口 {port}，请用 1024 以上的：python3 run.py --port 8000"
    if isinstance(error, OverflowError):
        return f"端口应在 1 到 65535 之间，现在是 {port}"
    return f"本机没有地址 {host}，请检查 --host"


def serve(application: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    """Answer requests until the process is asked to stop (Ctrl-C or SIGTERM)."""
    if sys.platform == "win32":
        _serve_with_waitress(application, host, port, when_ready)
    else:
        _serve_with_gunicorn(application, host, port, when_ready)


def _serve_with_gunicorn(application: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    from gunicorn import util  # noqa: PLC0415  # not importable on Windows
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415  # see above

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        """One process with threads: the database is one file, or does its own work."""

        def load_config(self) -> None:
            settings = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": THREADS,
                "timeout": REQUEST_SECONDS,
                "graceful_timeout": GRACE_SECONDS,
                "preload_app": True,
                "loglevel": "warning",
                "control_socket_disable": True,
                "when_ready": lambda _arbiter: when_ready(),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return application

    def write_error(client: socket.socket, status: int, reason: str, _message: str) -> None:
        page = page_unasked(application, status)
        head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n{page.headers}"
        util.write_nonblock(client, head.encode("latin-1") + page.get_data())

    util.write_error = write_error  # its own speaks English
    Server().run()


def _serve_with_waitress(application: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    from waitress.server import create_server  # noqa: PLC0415  # used on Windows alone

    server = create_server(application, host=host, port=port, threads=THREADS)
    when_ready()
    try:
        server.run()
    finally:
        server.close()
