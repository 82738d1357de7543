"""A house of seats in an SQLite file, and what may become of the file."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from booking.domain.model import DEFAULT_EVENT
from booking.engines.database.migrations import migrate
from booking.engines.database.registry import DatabaseRegistry
from booking.engines.database.sqlite.database import SqliteDatabase
from tests.support.databases import add
from tests.support.engine import ANN, POLICY, event_of


class House:
    """A database with an event of 1,000 seats, as one process has it open."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self.database = SqliteDatabase(str(path), create=create)
        migrate(self.database)
        with self.database.transaction(writing=True) as transaction:
            if not transaction.run("has_event", event=DEFAULT_EVENT):
                add(transaction, event_of(1000, replace(POLICY, max_seats_per_holder=1000)), 1)
        self.registry = DatabaseRegistry(self.database, DEFAULT_EVENT)

    def sell(self, *seats: int) -> None:
        names = [str(seat) for seat in seats]
        self.registry.lock(names, ANN)
        self.registry.confirm(names, ANN)

    def sold(self) -> set[int]:
        booked = [seat for seat in self.registry.changes().seats if seat.booking is not None]
        return {int(seat.id) for seat in booked}

    def log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def left_by_a_kill(self, folder: Path) -> Path:
        """The files as a process leaves them that is killed now."""
        folder.mkdir()
        for file in self.path.parent.glob(f"{self.path.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, folder / file.name)
        return folder / self.path.name


def house(folder: Path) -> Iterator[House]:
    opened = House(folder / "booking.db")
    yield opened
    opened.database.close()


def replace_by_renaming(copy: Path, path: Path) -> None:
    Path(shutil.copyfile(copy, f"{copy}.2")).replace(path)


def replace_by_removing_all(copy: Path, path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    shutil.copyfile(copy, path)


def replace_through_a_link(copy: Path, path: Path) -> None:
    """The path becomes a symbolic link to another file."""
    elsewhere = path.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    shutil.copyfile(copy, elsewhere / "other.db")
    path.unlink()
    path.symlink_to(elsewhere / "other.db")


WAYS: list[Callable[[Path, Path], None]] = [
    replace_by_renaming,
    replace_by_removing_all,
    replace_through_a_link,
]
