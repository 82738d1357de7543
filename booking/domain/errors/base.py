"""What every refusal has in common."""

from collections.abc import Callable, Iterable

from booking.plans.names import BY_ID, SeatNames

Message = str | Callable[[SeatNames], str]


class BookingError(Exception):
    """A request that the rules refuse. ``seats`` are the ids of the seats that it is about.

    A message that names seats does so by their ``names``, which the sale sets.
    """

    names = BY_ID

    def __init__(self, message: Message, *, seats: Iterable[str] = ()) -> None:
        super().__init__()
        self._message = message
        self.seats = tuple(seats)

    def __str__(self) -> str:
        return self._message if isinstance(self._message, str) else self._message(self.names)
