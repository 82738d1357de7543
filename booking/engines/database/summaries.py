"""What a list shows of each event, without loading its sale or its plan."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from booking.domain.model import Event, SeatStatus, Summary
from booking.engines.database import rows
from booking.engines.database.connection import Row, Transaction
from booking.engines.database.kept_sale import DatabaseClock
from booking.engines.database.plans import UNREADABLE, Plans

T = TypeVar("T")

_KEPT = 10_000
"""How many events are kept at the most. Each takes about 1 KB."""


class _Outline(NamedTuple):
    """An event as it was described at some version: of its plan, with the name and the number of
    seats alone."""

    described: tuple[int, int]
    event: Event
    seats: int


class _Counted(NamedTuple):
    """The seats by status at some version, until the next lock runs out."""

    version: tuple[int, int]
    until: float | None
    seats: dict[SeatStatus, int]


class Summaries:
    """Counts the seats of events in the database, and reads what is sold and how only if it was
    described anew. What has not changed since the last list costs nothing but its row.

    Safe for threads: two may each find the same out.
    """

    def __init__(self, clock: DatabaseClock, plans: Plans) -> None:
        self._clock = clock
        self._plans = plans
        self._outlines: dict[str, _Outline] = {}
        self._counted: dict[str, _Counted] = {}

    def of(self, transaction: Transaction, listed: list[Row]) -> list[Summary | None]:
        """The summary of each of the events of ``list_events``; None if it cannot be read."""
        now = self._clock(transaction.run("time")[0]["now"]).wall
        counts = [self._count(transaction, row, now) for row in listed]
        outlines = [self._outline(transaction, row) for row in listed]
        return [
            _summary(row, outline(), count())
            for row, outline, count in zip(listed, outlines, counts, strict=True)
        ]

    def _count(
        self, transaction: Transaction, row: Row, now: float
    ) -> Callable[[], dict[SeatStatus, int]]:
        """The seats by status, but for those that are available. They are counted while others
        are."""
        event, version = row["event"], (row["version"], row["mark"])
        known = self._counted.get(event)
        if (
            known is not None
            and known.version == version
            and (known.until is None or now < known.until)
        ):
            return lambda: known.seats
        found = transaction.send("count_seats", event=event, now=now)

        def count() -> dict[SeatStatus, int]:
            counted = found()[0]
            taken = (SeatStatus.LOCKED, SeatStatus.BOOKED, SeatStatus.BLOCKED)
            seats = {status: counted[status.value] for status in taken}
            _keep(self._counted, event, _Counted(version, counted["next_deadline"], seats))
            return seats

        return count

    def _outline(self, transaction: Transaction, row: Row) -> Callable[[], _Outline | None]:
        """What is sold, and how; None if that makes no sense. It is read while others are."""
        event, described = row["event"], (row["described_at"], row["described_mark"])
        known = self._outlines.get(event)
        if known is not None and known.described == described:
            return lambda: known
        found = transaction.send("find_outline", event=event)

        def outline() -> _Outline | None:
            try:
                [stored] = found()
                if stored["seats"] is None:
                    # What an earlier version wrote, and SQL could not look into.
                    document = transaction.run("find_event", event=event)[0]["document"]
                    whole = self._plans.event_of(event, document)
                    stored = {
                        **stored,
                        "plan_name": whole.plan.name,
                        "seats": len(whole.plan.seats),
                    }
                read = _Outline(described, rows.outline_of(event, stored), stored["seats"])
            except UNREADABLE:
                return None
            _keep(self._outlines, event, read)
            return read

        return outline


def _summary(row: Row, outline: _Outline | None, taken: dict[SeatStatus, int]) -> Summary | None:
    if outline is None:
        return None
    available = outline.seats - sum(taken.values())
    seats = {SeatStatus.AVAILABLE: available, **taken}
    return Summary(outline.event, row["version"], row["described_at"], seats)


def _keep(kept: dict[str, T], event: str, value: T) -> None:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[event] = value
