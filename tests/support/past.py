"""Cities that are lived once in a test process, and go on from there in every test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from demo.offices import Offices
from demo.walk import Walker
from store.database import Database
from store.files import FileStore
from tests.support.databases import Template, opened
from tests.support.world import (
    SIGNING_KEY,
    START,
    Clock,
    World,
    agree,
    archive,
    arrange,
    arrive,
    open_first,
    small_city,
    tell,
)
from workflows.runtime import Runtime

Deed = Callable[[World], object]
LIVES: dict[str, tuple[str, tuple[Deed, ...]]] = {
    "begun": ("founded", (World.register,)),
    "agreed": ("begun", (agree,)),
    "opened": ("agreed", (open_first,)),
    "arranged": ("opened", (arrange,)),
    "arrived": ("arranged", (arrive,)),
    "told": ("arrived", (tell,)),
    "archived": ("told", (archive,)),
}
"""Each moment by the one before it, and what is done between the two."""


class Past(Struct, frozen=True):
    """A city up to some moment: its database, its files, and who is who."""

    template: Template
    files: Path
    offices: Offices
    at: datetime
    policy_id: UUID | None

    @contextmanager
    def again(self, folder: Path) -> Iterator[World]:
        """Yield a copy of the city that goes on by itself."""
        with self.template.copy() as url, opened(url) as database:
            yield self._world(database, folder)

    def after(self, deeds: tuple[Deed, ...], folder: Path) -> "Past":
        """Return the moment after these deeds."""
        worlds = []

        def live(url: str) -> None:
            with opened(url) as database:
                worlds.append(self._world(database, folder))
                for deed in deeds:
                    deed(worlds[0])

        template = self.template.grown(live)
        (world,) = worlds
        return Past(template, folder / "files", self.offices, world.clock.at, world.policy_id)

    def _world(self, database: Database, folder: Path) -> World:
        shutil.copytree(self.files, folder / "files", dirs_exist_ok=True)
        clock = Clock(self.at)
        runtime = Runtime(database, FileStore(folder / "files"), clock, signing_key=SIGNING_KEY)
        return World(runtime, clock, self.offices, Walker(runtime), self.policy_id)


class Pasts:
    """The moments that tests begin at, on one kind of database; each is lived when it is first asked for."""

    def __init__(self, migrated: Template, folder: Path) -> None:
        """Begin with an empty, migrated database; files are kept in this folder."""
        self._folder = folder
        self._lived = {"founded": _founded(migrated, folder / "founded")}

    def until(self, moment: str) -> Past:
        """Return the city up to this moment."""
        if moment not in self._lived:
            before, deeds = LIVES[moment]
            self._lived[moment] = self.until(before).after(deeds, self._folder / moment)
        return self._lived[moment]


def _founded(migrated: Template, folder: Path) -> Past:
    offices = []

    def found(url: str) -> None:
        with opened(url) as database:
            offices.append(small_city(Runtime(database, FileStore(folder / "files"), Clock())).offices)

    (folder / "files").mkdir(parents=True)
    template = migrated.grown(found)
    return Past(template, folder / "files", offices[0], START, None)
