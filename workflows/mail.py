"""Mail: one server by its address, one letter at a time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from smtplib import SMTP

SECONDS = 10.0
_PORTS = {"smtp": 587, "smtps": 465}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_ADDRESS = 254


class MailUrlError(WorkflowError):
    """MAIL_URL cannot be understood; the message is meant for the person who set it."""


class NoMailServerError(WorkflowError):
    """A letter waits, but no server is set that takes it."""


class AddressRefusedError(WorkflowError):
    """The server does not take letters to this address."""


class MailServerError(WorkflowError):
    """The server is away, or refused the account or the letter."""


class MailServer(Struct, frozen=True):
    """A server that takes mail. `is_wrapped`: TLS from the first byte; else STARTTLS, except on this machine."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    is_wrapped: bool = False


class Letter(Struct, frozen=True):
    """What is sent. The same key is the same letter, however often a server takes it."""

    to: str
    subject: str
    text: str
    key: str


def mail_server(url: str) -> MailServer:
    """Return the server of `smtp(s)://user:password@host:port?from=address`. Raises: MailUrlError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MailUrlError("设置 MAIL_URL 的主机或端口写错了") from error
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = parse_qs(parts.query).get("from", [user])[0]
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailUrlError("设置 MAIL_URL 应为 smtp://用户:密码@主机:端口?from=发件地址，或者 smtps://…")
    if not is_address(sender):
        raise MailUrlError("设置 MAIL_URL 缺少发件地址：在末尾写 ?from=发件地址")
    return MailServer(
        parts.hostname, port or _PORTS[parts.scheme], sender, user, password, parts.scheme == "smtps"
    )


def is_address(text: str) -> bool:
    """Tell whether this may be a mail address: one @, no blanks, plain ASCII, a domain with a dot."""
    local, at, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' "(),:;<>[\\]')
    return bool(
        plain
        and len(text) <= LONGEST_ADDRESS
        and local
        and at
        and "@" not in domain
        and "." in domain.strip(".")
    )


def send(server: MailServer, letter: Letter) -> None:
    """Hand a letter to the server. Raises: AddressRefusedError, MailServerError."""
    # Both are heavy, and only a worker that sends needs them.
    from email.message import EmailMessage  # noqa: PLC0415
    from smtplib import SMTPException, SMTPRecipientsRefused  # noqa: PLC0415

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, letter.to, letter.subject
    message["Message-ID"] = f"<{letter.key}@{server.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    try:
        with _connected(server) as connection:
            connection.send_message(message)
    except SMTPRecipientsRefused as error:
        raise AddressRefusedError("the server refused the address") from error
    except (SMTPException, OSError) as error:
        raise MailServerError(type(error).__name__) from error


@contextmanager
def _connected(server: MailServer) -> Iterator["SMTP"]:
    """Yield a connection that is as safe as the server's address says.

    A server that took the letter has it, however badly it says goodbye.
    """
    from smtplib import SMTP, SMTP_SSL, SMTPException  # noqa: PLC0415  # as above
    from ssl import create_default_context  # noqa: PLC0415  # as above

    if server.is_wrapped:
        connection: SMTP = SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=create_default_context()
        )
    else:
        connection = SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if not server.is_wrapped and server.host not in _HERE:
            connection.starttls(context=create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        yield connection
        with suppress(SMTPException, OSError):
            connection.quit()
    finally:
        connection.close()
