"""Who is told what became of their booking, by mail."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from booking.domain import notices
from booking.domain.model import Booking, Event
from booking.domain.moment import Moment
from booking.domain.notices import Notice, Occasion
from booking.domain.questions import Details
from booking.plans.names import Place, SeatNames
from booking.sale.bookings import Bookings

_AT_ONCE = 1000
"""How many bookings are looked at at once."""

Send = Callable[[Notice], None]
"""Takes what is to be mailed, to keep it with all else that the call changes."""


class Mailing:
    """Writes notices to those who gave an address. Not safe for threads, as the sale is not.

    Its calls are for the end of what is done, which nothing refuses any more.
    """

    def __init__(self, bookings: Bookings, send: Send | None) -> None:
        """Without ``send``, nobody is told anything."""
        self._bookings = bookings
        self._send = send

    def tell(
        self,
        occasion: Occasion,
        event: Event,
        booking: Booking,
        names: SeatNames,
        now: Moment,
        before: Sequence[Place] = (),
    ) -> None:
        """Tell the people of one booking. ``before`` are the seats that it had."""
        if self._send is not None:
            details = self._bookings.details(booking.reference)
            self._write(
                notices.notice(occasion, event, booking, details, names, now.wall, before=before)
            )

    def remind(self, event: Event, names: SeatNames, now: Moment) -> None:
        """Remind all who have booked that the event is soon."""
        for booking, details in self._live():
            occasion = Occasion.REMINDER
            self._write(notices.notice(occasion, event, booking, details, names, now.wall))

    def tell_of_change(
        self,
        before: tuple[Event, SeatNames],
        after: tuple[Event, SeatNames],
        moved: AbstractSet[str],
        now: Moment,
    ) -> None:
        """Tell those who have booked that the event was postponed, or that seats of theirs are
        among those that ``moved`` in the plan."""
        was, event = before[0], after[0]
        postponed = notices.is_postponed(was, event, now.wall)
        if self._send is None or not (postponed or moved):
            return
        for booking, details in self._live():
            has_moved = not moved.isdisjoint(booking.seats)
            if postponed or has_moved:
                self._write(
                    notices.notice(
                        Occasion.POSTPONED if postponed else Occasion.CHANGED,
                        event,
                        booking,
                        details,
                        after[1],
                        now.wall,
                        before=before[1].places(booking.seats) if has_moved else (),
                        started_at=was.starts_at if postponed else None,
                    )
                )

    def _live(self) -> Iterator[tuple[Booking, Details | None]]:
        """The bookings that are not cancelled, and what is known of their people."""
        following: int | None = 0
        while following is not None:
            page = self._bookings.page(following, _AT_ONCE)
            for booking in page.bookings:
                if booking.cancelled_at is None:
                    yield booking, page.details.get(booking.reference)
            following = page.next

    def _write(self, notice: Notice | None) -> None:
        if notice is not None and self._send is not None:
            self._send(notice)
