"""All that an engine does with one event."""

from abc import abstractmethod
from collections.abc import Sequence

from booking.domain.history import HistoryPage
from booking.domain.model import Actor, Block, Event, Seat
from booking.domain.notices import Notice, Occasion
from booking.engines.contract.counter import CounterCalls
from booking.engines.contract.door import DoorCalls
from booking.engines.contract.holders import HolderCalls
from booking.sale import organising


class Registry(HolderCalls, CounterCalls, DoorCalls):
    """Sees, locks, confirms, releases and extends the seats of one event.

    Safe for any number of threads. Every call is atomic: it is carried out for all the seats that
    it names or, if it raises, for none. A holder is the digest of a holder token, see
    :mod:`booking.http.tokens`. Once the event has ended, each call raises EventNotFound.

    The clock decides what is locked. Each call first turns the locks that have run out into
    available seats, so that the timer only has to wake up a registry that nobody calls.

    What a holder can ask for takes a :class:`Reply`: then the call returns the answer instead of
    the result, and the answer that was given before to a request with a key.
    """

    # What the organiser can do

    def blocked(self) -> tuple[Seat, ...]:
        """The seats that are off sale."""
        return self._read(lambda sale, _: organising.blocked(sale))

    def block(
        self, seat_ids: Sequence[str], block: Block | None = None, by: Actor = None
    ) -> tuple[Seat, ...]:
        """Take seats off sale, and say for what. Those that are off sale already stay so.

        Raises:
            SeatNotFound: some are not part of the event.
            SeatsUnavailable: some are locked or booked.
        """
        return self._write(lambda sale, now: organising.block(sale, seat_ids, now, block, by))

    def unblock(self, seat_ids: Sequence[str], by: Actor = None) -> tuple[Seat, ...]:
        """Put seats that are off sale on sale again; others stay as they are.

        Raises:
            SeatNotFound: some are not part of the event.
        """
        return self._write(lambda sale, now: organising.unblock(sale, seat_ids, now, by))

    def history(self, since: int = 0, most: int = 1000) -> HistoryPage:
        """What became of the seats after version ``since``, the oldest first."""
        return self._read(lambda sale, _: sale.history(since, most))

    @abstractmethod
    def update(
        self, event: Event, *, expect: int | None = None, move_booked: bool = False
    ) -> tuple[str, ...]:
        """Change what is sold, and how. Seats that stay, locks and bookings stay as they are.
        Returns the blocked seats that are no longer in the plan.

        Raises:
            EventChanged: it was changed since the version ``expect``.
            SeatsMoved: booked seats would be others; not with ``move_booked``.
            SeatsInUse: the plan lacks seats that are locked or booked.
        """

    def notice(self, occasion: Occasion, reference: str) -> Notice | None:
        """What to tell the people of a booking; None if they gave no address. Raises
        BookingNotFound."""
        return self._read(lambda sale, now: sale.notice(occasion, reference, now))

    @abstractmethod
    def remind(self, ahead: float) -> None:
        """Remind all who have booked, if the event starts within so many seconds: once for each
        time at which it is to start."""

    @abstractmethod
    def close(self, *, expect: int | None = None) -> int:
        """End the sale for good: from now on, there is no such event. Returns the last version.

        Raises:
            EventChanged: it was changed since the version ``expect``.
            SeatsInUse: some seats are locked or booked, and the event is not over.
        """
