"""A mail server of a test: it keeps what it is handed, and refuses what it is told to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from workflows.mail import MailServer


class Mailbox(ThreadingTCPServer):
    """The letters that came, and the addresses that do not exist."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        self.letters: list[EmailMessage] = []
        self.unknown: set[str] = set()
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def server(self) -> MailServer:
        """How the product reaches it."""
        return MailServer("127.0.0.1", self.server_address[1], "weiran@office.example")


class _Conversation(StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        """Speak as much SMTP as taking letters needs."""
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            verb, _, rest = line.decode().partition(" ")
            self.wfile.write(self._answer(verb.upper(), rest) + b"\r\n")
            if verb.upper() == "QUIT":
                return

    def _answer(self, verb: str, rest: str) -> bytes:
        if verb == "RCPT" and any(address in rest for address in self.server.unknown):
            return b"550 nobody of that name"
        if verb == "DATA":
            self.wfile.write(b"354 go on\r\n")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        return b"250 well"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Yield a server that runs as long as the test needs it."""
    with Mailbox() as box:
        thread = Thread(target=box.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()
