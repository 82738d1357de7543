"""Which seats belong to which holder."""

from collections.abc import Collection, Reversible

from booking.domain.model import LOCKED, Seat

_Seats = dict[bytes, dict[str, None]]
"""Sets of seat ids by holder. A holder with none has no entry: the index grows with the seats, not
with the holders that ever were. (A dict without values is a set that keeps its order.)"""


class HolderIndex:
    """Follows the seats of one event. Not safe for threads: whoever owns it has a lock."""

    def __init__(self) -> None:
        self._held: _Seats = {}
        self._had: _Seats = {}

    def held_by(self, holder: bytes) -> Collection[str]:
        """The ids of the seats that the holder has locked or booked."""
        return self._held.get(holder, {}).keys()

    def had_by(self, holder: bytes) -> Reversible[str]:
        """The ids of the available seats on which the holder's lock was the last, in the order in
        which these locks ended."""
        return self._had.get(holder, {}).keys()

    def replace(self, old: Seat, new: Seat) -> None:
        """Put a seat in the place of what it was."""
        holder, seats = self._place(old)
        if holder is not None:
            theirs = seats[holder]
            del theirs[old.id]
            if not theirs:
                del seats[holder]
        holder, seats = self._place(new)
        if holder is not None:
            seats.setdefault(holder, {})[new.id] = None

    def _place(self, seat: Seat) -> tuple[bytes | None, _Seats]:
        if seat.booking is not None:
            return seat.booking.holder, self._held
        if seat.lock is not None:
            locked = seat.status is LOCKED
            return seat.lock.holder, self._held if locked else self._had
        return None, self._held
