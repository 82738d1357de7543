"""The bookings of one event, in the order in which they were made."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import islice
from operator import itemgetter

from booking.domain.model import Booking, BookingPage
from booking.domain.questions import Details

_number = itemgetter(0)


class Bookings(ABC):
    """Finds, adds and cancels bookings. Not safe for threads: its owner has a lock."""

    @abstractmethod
    def __contains__(self, reference: object) -> bool:
        """Whether a booking has this reference."""

    @abstractmethod
    def find(self, reference: str) -> Booking | None:
        """The booking with this reference, or None."""

    @abstractmethod
    def add(self, number: int, booking: Booking) -> None:
        """Add a booking. Its number is greater than that of every booking before it."""

    @abstractmethod
    def cancel(self, booking: Booking) -> None:
        """Replace the booking of the same reference by this one, which is cancelled."""

    @abstractmethod
    def change(self, booking: Booking) -> None:
        """Replace the booking of the same reference by this one, which has other seats."""

    @abstractmethod
    def page(self, after: int, most: int) -> BookingPage:
        """At most ``most`` bookings with a number greater than ``after``."""

    @abstractmethod
    def details(self, reference: str) -> Details | None:
        """The details of a booking, None if it has none."""

    @abstractmethod
    def keep_details(self, reference: str, details: Details | None) -> None:
        """Keep details of a booking in the place of what there was. None erases them."""


class BookingsInMemory(Bookings):
    """Keeps every active booking, and the newest ``cancelled_kept`` cancelled ones."""

    def __init__(
        self, cancelled_kept: int, on_erased: Callable[[str], None] = lambda _: None
    ) -> None:
        """``on_erased`` is told the reference of a booking whose details are erased."""
        self._cancelled_kept = cancelled_kept
        self._on_erased = on_erased
        self._bookings: dict[str, Booking] = {}
        # (number, reference), numbers ascending. Some may have been forgotten.
        self._order: list[tuple[int, str]] = []
        self._details: dict[str, Details] = {}
        # References, the oldest cancellation first.
        self._cancelled: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, reference: object) -> bool:
        return reference in self._bookings

    def find(self, reference: str) -> Booking | None:
        return self._bookings.get(reference)

    def add(self, number: int, booking: Booking) -> None:
        self._bookings[booking.reference] = booking
        self._order.append((number, booking.reference))

    def cancel(self, booking: Booking) -> None:
        self._bookings[booking.reference] = booking
        self._cancelled[booking.reference] = None
        if len(self._cancelled) > self._cancelled_kept:
            oldest, _ = self._cancelled.popitem(last=False)
            del self._bookings[oldest]
            self._details.pop(oldest, None)
        if len(self._order) > 2 * len(self._bookings) + 100:
            self._order = [entry for entry in self._order if entry[1] in self._bookings]

    def change(self, booking: Booking) -> None:
        self._bookings[booking.reference] = booking

    def page(self, after: int, most: int) -> BookingPage:
        start = bisect_right(self._order, after, key=_number)
        found: list[Booking] = []
        last = after
        for number, reference in islice(self._order, start, None):
            booking = self._bookings.get(reference)
            if booking is None:
                continue
            if len(found) == most:
                return self._page(found, last)
            found.append(booking)
            last = number
        return self._page(found, None)

    def _page(self, found: Sequence[Booking], last: int | None) -> BookingPage:
        references = [booking.reference for booking in found]
        details = {each: self._details[each] for each in references if each in self._details}
        return BookingPage(tuple(found), last, details)

    def details(self, reference: str) -> Details | None:
        return self._details.get(reference)

    def keep_details(self, reference: str, details: Details | None) -> None:
        if details is None:
            self._details.pop(reference, None)
            self._on_erased(reference)
        else:
            self._details[reference] = details

    def with_details(self) -> list[Booking]:
        """The bookings that have details."""
        return [self._bookings[reference] for reference in self._details]
