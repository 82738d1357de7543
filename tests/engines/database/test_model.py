"""Random calls on a registry in a database must match the model. Now and then, another process
takes over."""

from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import rule, run_state_machine_as_test

from booking.domain.model import DEFAULT_EVENT
from booking.engines.database.connection import Database
from booking.engines.database.migrations import migrate
from booking.engines.database.registry import DatabaseRegistry
from tests.engines.memory.test_registry_model import PLAN, POLICY, RegistryModel
from tests.support.clocks import START, ManualClock
from tests.support.databases import begin_with, one_clock, postgres_database, sqlite_database
from tests.support.engine import event_of


class DatabaseModel(RegistryModel):
    """Each example starts over in the same database."""

    offset = START.wall - START.monotonic
    database: Database

    def open(self, clock: ManualClock) -> DatabaseRegistry:
        begin_with(self.database, event_of(PLAN, POLICY), clock)
        return DatabaseRegistry(self.database, DEFAULT_EVENT, clock=one_clock(clock))

    @rule()
    def another_process_takes_over(self) -> None:
        self.registry = DatabaseRegistry(self.database, DEFAULT_EVENT, clock=one_clock(self.clock))


def play(database: Database, examples: settings) -> None:
    """Take a registry in the database, and the model, through the same random calls."""
    migrate(database)
    model = type("Model", (DatabaseModel,), {"database": database})
    run_state_machine_as_test(model, settings=examples)


def test_on_sqlite_every_random_call_does_what_the_model_does(tmp_path: Path) -> None:
    with sqlite_database(tmp_path) as database:
        play(database, settings(max_examples=40))


def test_on_postgresql_every_random_call_does_what_the_model_does(postgres: str) -> None:
    # Each call checks all versions so far: the time grows with the square of the steps.
    examples = settings(max_examples=15, stateful_step_count=20)
    with postgres_database(postgres) as database:
        play(database, examples)
