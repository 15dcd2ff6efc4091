"""A person at a browser: signs in, posts forms, asks again until there is an answer."""

import json
import os
import re
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct, field

from demo.accounts import PASSWORD

PATIENCE = 60.0
PAUSE = 0.05
SIGN_IN_PAUSE = 2.0
"""One address may try to sign in sixty times a minute."""

REQUEST_SECONDS = 30
SIGNED_OUT = frozenset({400, 401})
AWAY = frozenset({502, 503})
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
Fields = Sequence[tuple[str, str]]


class SignInError(Exception):
    """The person could not sign in just now."""


class UnansweredError(Exception):
    """Nothing that counts as an answer came within a person's patience."""


class Command(Struct, frozen=True):
    """A form as one person fills it: where it goes, what is in it, what makes a repetition harmless."""

    login: str
    path: str
    fields: Fields
    key: str
    step: str
    case_id: UUID | None = None
    item_id: UUID | None = None
    is_free: bool = False
    """Whether the step lies in the pool, so that another of the role may take it."""


class Answer(Struct, frozen=True):
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the person was told that it is done: the page goes on."""
        return self.status == 303


class Person(Struct):
    """One person's browser; every request is a connection of its own."""

    address: str
    login: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    statuses: list[int] = field(default_factory=list)
    """What came back that was no answer, and 0 for connections that broke."""

    def tell(self, command: Command, first_to: str = "") -> Answer:
        """Post a command until it is answered; the first time to another address. Raises: UnansweredError."""
        limit = time.monotonic() + PATIENCE
        address = first_to or self.address
        while time.monotonic() < limit:
            try:
                self.sign_in_if_needed()
                answer = self._request(
                    "POST", command.path, [*command.fields, ("csrf_token", self.token)], address
                )
            except SignInError:
                time.sleep(SIGN_IN_PAUSE)
                answer = Answer(0, "", "")
            except (OSError, HTTPException):
                answer = Answer(0, "", "")
            address = self.address
            is_sign_in = answer.status in SIGNED_OUT or answer.location.startswith("/login")
            if not is_sign_in and answer.status and answer.status not in AWAY:
                return answer
            self.statuses.append(answer.status)
            if is_sign_in:
                self.token = ""
            time.sleep(PAUSE)
        raise UnansweredError(f"{command.step} {command.key}: {self.statuses[-3:]}")

    def sign_in_if_needed(self) -> None:
        """Sign in if this browser is not. Raises: as `sign_in`."""
        if not self.token:
            self.sign_in()

    def sign_in(self) -> None:
        """Sign in anew. Raises: SignInError; OSError, HTTPException when the server is away."""
        self.cookies.clear()
        token = self._page_token("/login")
        form = [("login", self.login), ("password", PASSWORD), ("keep", "1"), ("csrf_token", token)]
        if self._request("POST", "/login", form, self.address).status not in (302, 303):
            raise SignInError(self.login)
        self.token = self._page_token("/help")

    def _page_token(self, path: str) -> str:
        found = _TOKEN.search(self._request("GET", path, (), self.address).text)
        if found is None:
            raise SignInError(path)
        return found[1]

    def _request(self, method: str, path: str, fields: Fields, address: str) -> Answer:
        connection = HTTPConnection(address, timeout=REQUEST_SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields) if method == "POST" else None, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return Answer(response.status, response.headers.get("Location", ""), text)


class Entry(Struct, frozen=True):
    """One command as its client remembers it."""

    family: str
    command: Command
    answer: Answer | None


class Journal:
    """What the clients were told, flushed to disk before anybody acts on it."""

    def __init__(self, file: Path) -> None:
        """Write to this file."""
        self._file = file.open("a", encoding="utf-8")
        self.entries: list[Entry] = []

    def note(self, family: str, command: Command, answer: Answer | None) -> None:
        """Write down an answer, or that none came."""
        told: dict[str, object] = {
            "family": family,
            "key": command.key,
            "step": command.step,
            "case": str(command.case_id),
        }
        told |= {"login": command.login, "status": answer.status if answer else None}
        self._file.write(json.dumps(told) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.entries.append(Entry(family, command, answer))

    def of(self, family: str) -> list[Entry]:
        """Return what a family's clients were told."""
        return [entry for entry in self.entries if entry.family == family]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
