"""What came of an event: its seats by section, and what happened on each day. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from booking.domain.history import HistoryEntry, SeatChange
from booking.domain.model import Seat, SeatStatus
from booking.plans.names import SeatNames


@dataclass(slots=True)
class Tally:
    """Some seats, counted."""

    total: int = 0
    seats: Counter[SeatStatus] = field(default_factory=Counter)
    checked_in: int = 0


class Standing(NamedTuple):
    """An event at a version: its seats by the name of their section, in the order of the plan."""

    version: int
    sections: dict[str, Tally]

    @property
    def whole(self) -> Tally:
        """All seats."""
        whole = Tally()
        for each in self.sections.values():
            whole.total += each.total
            whole.seats += each.seats
            whole.checked_in += each.checked_in
        return whole


def count(
    version: int, seats: Iterable[Seat], names: SeatNames, checked_in: Collection[str]
) -> Standing:
    """Count seats. ``checked_in`` are those whose holders are in."""
    sections: dict[str, Tally] = {}
    for seat in seats:
        label = names.label(seat.id)
        tally = sections.setdefault("" if label is None else label.section, Tally())
        tally.total += 1
        tally.seats[seat.status] += 1
        tally.checked_in += seat.id in checked_in
    return Standing(version, sections)


class Course:
    """What happened to seats, by day and in all."""

    def __init__(self, day_of: Callable[[float], str]) -> None:
        """``day_of`` names the day of a Unix time, as people at the venue do."""
        self._day_of = day_of
        self.days: dict[str, Counter[SeatChange]] = {}
        self.all: Counter[SeatChange] = Counter()

    def add(self, entries: Iterable[HistoryEntry]) -> None:
        """Count changes, which come in the order in which they were made."""
        for entry in entries:
            self.days.setdefault(self._day_of(entry.at), Counter())[entry.change] += 1
            self.all[entry.change] += 1

    @property
    def share_of_locks(self) -> float | None:
        """The share of locks that became bookings, None if there were none. Locks that still run
        are none of these yet."""
        locks = self.all[SeatChange.LOCKED]
        return self.all[SeatChange.BOOKED] / locks if locks else None
