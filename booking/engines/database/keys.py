"""The keys of organisers in a database. Each use of one asks the database, so that a key is revoked
at once and for every process."""

import json

from booking.domain.errors import KeyNotFound
from booking.domain.keys import Key, Scope
from booking.engines.database.attempts import attempt, look
from booking.engines.database.connection import Database, Row
from booking.engines.database.kept_sale import DatabaseClock
from booking.engines.keys import Keys


class DatabaseKeys(Keys):
    """Keeps keys in a database."""

    def __init__(self, database: Database, clock: DatabaseClock) -> None:
        self._database = database
        self._clock = clock

    def put(self, key: Key) -> tuple[Key, bool]:
        def put() -> tuple[Key, bool]:
            with self._database.transaction(writing=True) as transaction:
                now = self._clock(transaction.run("time")[0]["now"]).wall
                added = transaction.run(
                    "put_key",
                    name=key.name,
                    digest=key.digest.hex(),
                    scopes=json.dumps(list(key.scopes)),
                    events=None if key.events is None else json.dumps(list(key.events)),
                    until_at=key.until,
                    created_at=now,
                )
                kept = _key(added[0])
                return kept, kept.digest == key.digest

        return attempt(put)

    def all(self) -> list[Key]:
        return list(map(_key, look(self._database, "list_keys")))

    def end(self, name: str) -> None:
        def end() -> bool:
            with self._database.transaction(writing=True) as transaction:
                return bool(transaction.run("end_key", name=name))

        if not attempt(end):
            raise KeyNotFound(name)

    def find(self, digest: bytes) -> Key | None:
        for row in look(self._database, "find_key", digest=digest.hex()):
            if not _key(row).has_run_out(self._clock(row["now"]).wall):
                return _key(row)
        return None


def _key(row: Row) -> Key:
    return Key(
        name=row["name"],
        digest=bytes.fromhex(row["digest"]),
        scopes=tuple(map(Scope, json.loads(row["scopes"]))),
        events=None if row["events"] is None else tuple(json.loads(row["events"])),
        until=row["until_at"],
        created_at=row["created_at"],
    )
