"""The interface that every database implements: transactions, and statements by name."""

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
    """Read the statements of ``queries.sql``, by name. Parameters are written ``:name``; ``:time``
    is the current time. ``lock_version_if_free`` is ``lock_version`` that waits for nobody."""
    text = Path(__file__).with_name("queries.sql").read_text(encoding="utf-8")
    found: dict[str, str] = dict(_STATEMENT.findall(text))
    found["lock_version_if_free"] = found["lock_version"].replace(
        "FOR UPDATE", "FOR UPDATE SKIP LOCKED"
    )
    return found


def in_script(script: str) -> list[str]:
    """Split a script into its statements. Each ends with a semicolon at the end of a line."""
    bare = re.sub(r"^\s*--.*$", "", script, flags=re.MULTILINE)
    return [statement for statement in bare.split(";\n") if statement.strip()]


class CannotOpen(Exception):
    """The database cannot be used. The message says why and what to do."""


class Transaction(ABC):
    """Statements that take effect together, or not at all."""

    def run(self, statement: str, **values: object) -> list[Row]:
        """Run a statement of ``queries.sql``, and return its rows."""
        return self.send(statement, **values)()

    @abstractmethod
    def send(self, statement: str, **values: object) -> Callable[[], list[Row]]:
        """Run a statement without waiting for its rows: call what is returned to have them."""

    @abstractmethod
    def send_for_each(
        self, statement: str, rows: Sequence[Mapping[str, str | int]], **values: object
    ) -> Callable[[], list[Row]]:
        """The same with a statement that finds something for each of many rows; ``values`` are
        those that all have."""

    @abstractmethod
    def run_for_found(self, statement: str, finding: str, **values: object) -> list[Row]:
        """Run a statement for each row that another finds, whose columns are values for it, too."""

    @abstractmethod
    def run_for_each(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement for each of many rows."""

    @abstractmethod
    def run_script(self, script: str) -> None:
        """Run the statements of a script, while no other process changes the schema."""

    @abstractmethod
    def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns; none if there is no such table."""

    @abstractmethod
    def has_index(self, name: str) -> bool:
        """Return whether there is an index of this name."""

    @abstractmethod
    def damage(self) -> list[str]:
        """Let the database check our tables, all of them. Returns a sentence for each problem."""


class Database(ABC):
    """A database. Safe for many threads and processes."""

    name: str
    """The name to show to people. Contains no password."""

    dialect: str
    """Which scripts of ``migrations/`` to run: those for ``sqlite`` or for ``postgres``."""

    shared_at_once: int
    """How many transactions that several events share a process has at the same time. With 0, each
    event has to have its own."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    @cached_property
    def faults(self) -> Faults:
        """Logs the faults of this database, and turns them into errors for buyers."""
        return Faults()

    @property
    def risks(self) -> tuple[str, ...]:
        """Server settings that can lose acknowledged bookings: a sentence each for the operator."""
        return ()

    @abstractmethod
    def transaction(
        self, *, writing: bool, long: bool = False
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction. It commits durably at the end, and rolls back on an exception.

        A transaction that reads sees everything committed before it began, and nothing later.
        A ``long`` transaction may take an hour: it changes the schema, or all rows of an event.

        Raises:
            CannotOpen: the database cannot be used at all; only the first transaction raises this.
            Unavailable: the transaction failed.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the connections that are not in use."""
