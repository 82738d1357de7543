"""The events on sale, each with its registry of seats."""

from booking.clock import Clock, system_clock
from booking.errors import EventNotFound
from booking.expiry import ExpiryTimer
from booking.model import DEFAULT_EVENT, Policy
from booking.registry import SeatRegistry
from booking.settings import Settings


class BoxOffice:
    """Finds the registry of an event. One expiry timer serves all events."""

    def __init__(self, settings: Settings, *, clock: Clock = system_clock) -> None:
        self._expiry = ExpiryTimer(lambda: clock().monotonic)
        policy = Policy(
            lock_seconds=settings.lock_seconds,
            max_lock_seconds=settings.max_lock_seconds,
            max_seats_per_holder=settings.max_seats_per_holder,
        )
        seat_ids = [str(number) for number in range(1, settings.seats + 1)]
        default = SeatRegistry(seat_ids, policy=policy, clock=clock, expiry=self._expiry)
        # Filled here and only read afterwards, so that no lock is needed to find an event.
        self._registries = {DEFAULT_EVENT: default}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{len(self._registries)} events]>"

    def registry(self, event: str) -> SeatRegistry:
        """The registry of the event. Raises EventNotFound."""
        try:
            return self._registries[event]
        except KeyError:
            raise EventNotFound(event) from None

    def close(self) -> None:
        """Stop releasing locks by the timer. Seats can still be seen and sold."""
        self._expiry.close()
