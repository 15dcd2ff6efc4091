"""A proxy that loses an answer: it hands a marked request on, and cuts the line when its answer comes."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_CHUNK = 65536
Connect = Callable[[], socket.socket]


class Proxy:
    """Listens on a socket and hands everything on; of the requests with a mark in them, one gets no answer."""

    def __init__(self, listener: socket.socket, connect: Connect) -> None:
        """Begin to listen."""
        self._listener, self._connect = listener, connect
        self._mark, self._left = b"", 0
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, mark: bytes, number: int = 1) -> None:
        """Lose the answer to the `number`-th request from now on that holds these bytes; 0: lose none."""
        self._mark, self._left = mark, number

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Hand on what the client says, in a thread of the connection; what it hears goes by another."""
        try:
            server = self._connect()
        except OSError:
            client.close()
            return
        is_lost = threading.Event()
        threading.Thread(target=self._answer, args=(server, client, is_lost), daemon=True).start()
        with suppress(OSError):
            while chunk := client.recv(_CHUNK):
                if self._is_chosen(chunk):
                    is_lost.set()
                server.sendall(chunk)
        _end(server, client)

    def _answer(self, server: socket.socket, client: socket.socket, is_lost: threading.Event) -> None:
        with suppress(OSError):
            while chunk := server.recv(_CHUNK):
                if is_lost.is_set():
                    self.cuts += 1
                    break
                client.sendall(chunk)
        _end(server, client)

    def _is_chosen(self, chunk: bytes) -> bool:
        if self._left == 0 or self._mark not in chunk:
            return False
        self._left -= 1
        return self._left == 0


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


def local_listener() -> tuple[socket.socket, str]:
    """Return a socket on a free port of this machine, and its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"127.0.0.1:{listener.getsockname()[1]}"
