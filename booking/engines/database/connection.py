"""Transactions on a database, whichever it is."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

from booking.engines.database.faults import Faults

Row = Mapping[str, Any]

_STATEMENT = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name:|\Z)", re.MULTILINE | re.DOTALL)


def read_statements() -> dict[str, str]:
    """The statements of ``queries.sql`` by name. Values are written in them as ``:name``, the time
    as ``:time``."""
    text = Path(__file__).with_name("queries.sql").read_text(encoding="utf-8")
    return dict(_STATEMENT.findall(text))


def in_script(script: str) -> list[str]:
    """The statements of a script. Each ends with a semicolon at the end of a line."""
    bare = re.sub(r"^\s*--.*$", "", script, flags=re.MULTILINE)
    return [statement for statement in bare.split(";\n") if statement.strip()]


class CannotOpen(Exception):
    """The database cannot be used. The message says why and what to do."""


class Transaction(ABC):
    """What is read and written together, or not at all."""

    def run(self, statement: str, **values: object) -> list[Row]:
        """Run a statement of ``queries.sql``, and return its rows."""
        return self.send(statement, **values)()

    @abstractmethod
    def send(self, statement: str, **values: object) -> Callable[[], list[Row]]:
        """Run a statement without waiting for its rows: call what is returned to have them."""

    @abstractmethod
    def send_for_each(
        self, statement: str, rows: Sequence[Mapping[str, str]], **values: object
    ) -> Callable[[], list[Row]]:
        """The same with a statement that finds something for each of many rows, whose values are
        texts; ``values`` are those that all have."""

    @abstractmethod
    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement for each of many rows."""

    @abstractmethod
    def run_script(self, script: str) -> None:
        """Run statements that come from elsewhere, while nobody else changes the schema."""

    @abstractmethod
    def columns(self, table: str) -> set[str]:
        """The names of the columns of a table; none if there is no such table."""

    @abstractmethod
    def has_index(self, name: str) -> bool:
        """Whether there is an index of this name."""

    @abstractmethod
    def damage(self) -> list[str]:
        """What the database itself finds wrong with our tables: a sentence each. Reads them all."""


class Database(ABC):
    """A database. Safe for any number of threads and processes."""

    name: str
    """What people call it; without a password."""

    dialect: str
    """Which scripts of ``migrations/`` are for it: ``sqlite`` or ``postgres``."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    @cached_property
    def faults(self) -> Faults:
        """Logs the faults of this database, and makes the errors that buyers are told."""
        return Faults()

    @property
    def risks(self) -> tuple[str, ...]:
        """Settings of the server that may lose bookings which it has acknowledged. Each is a
        sentence for the operator."""
        return ()

    @abstractmethod
    def transaction(
        self, *, writing: bool, long: bool = False
    ) -> AbstractContextManager[Transaction]:
        """A transaction, which is committed at the end, durably, or rolled back by an exception.

        One that reads sees everything that was committed before it began, and nothing else.
        A ``long`` one may take an hour: it changes the schema, or all rows of an event.

        Raises:
            CannotOpen: the database cannot be used at all, which shows the first time.
            Unavailable: the database does not do what it is asked for.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the connections that nobody uses."""
