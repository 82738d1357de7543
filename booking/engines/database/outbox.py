"""What waits for the mail, in a database."""

from collections.abc import Callable

from booking.domain.notices import Errand
from booking.engines.database import rows
from booking.engines.database.attempts import attempt, look
from booking.engines.database.connection import Database, Row, Transaction
from booking.engines.database.kept_sale import DatabaseClock
from booking.engines.outbox import Key, Outbox, Waiting

_DUTY = "mail"


class DatabaseOutbox(Outbox):
    """Reads what registries have written, and lets one process at a time send it."""

    def __init__(
        self, database: Database, clock: DatabaseClock, mint_number: Callable[[], int]
    ) -> None:
        self._database = database
        self._clock = clock
        self._mint_number = mint_number

    def put(self, errand: Errand) -> None:
        def put(transaction: Transaction, _: float) -> None:
            transaction.run("put_errand", **rows.errand_row(errand, 0, self._mint_number()))

        self._write(put)

    def due(self, most: int) -> list[Waiting]:
        now = self._now(look(self._database, "time"))
        return list(map(_waiting, look(self._database, "due_errands", now=now, most=most)))

    def done(self, key: Key) -> None:
        self._write(lambda transaction, _: transaction.run("forget_errand", **key._asdict()))

    def postpone(self, key: Key, seconds: float) -> None:
        def postpone(transaction: Transaction, now: float) -> None:
            transaction.run("postpone_errand", due_at=now + seconds, **key._asdict())

        self._write(postpone)

    def waiting(self) -> int:
        return int(look(self._database, "count_errands")[0]["errands"])

    def lease(self, owner: str, seconds: float) -> bool:
        has_it: list[Row] = []

        def lease(transaction: Transaction, now: float) -> None:
            has_it[:] = transaction.run(
                "take_duty", duty=_DUTY, owner=owner, now=now, until_at=now + seconds
            )

        self._write(lease)
        return bool(has_it)

    def release(self, owner: str) -> None:
        self._write(lambda transaction, _: transaction.run("end_duty", duty=_DUTY, owner=owner))

    def _now(self, found: list[Row]) -> float:
        return self._clock(found[0]["now"]).wall

    def _write(self, act: Callable[[Transaction, float], object]) -> None:
        def write() -> None:
            with self._database.transaction(writing=True) as transaction:
                act(transaction, self._now(transaction.run("time")))

        attempt(write)


def _waiting(row: Row) -> Waiting:
    key = Key(row["event"], row["version"], row["n"])
    return Waiting(key, rows.errand_of(row["document"]), row["attempts"])
