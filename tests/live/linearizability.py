"""Find an order of events that explains the answers that many clients got.

The search is Wing and Gong's (Testing and Verifying Concurrent Objects, 1993). The next call can be
any that began before every other remaining call ended, if its answer is right in the present state.
Backtrack where none fits, and do not try a state twice with the same calls remaining.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One call on one seat, and its answer, between two times of the monotonic clock."""

    start: float
    end: float
    client: int
    action: str
    code: str


@dataclass(frozen=True)
class State:
    """A seat's state. ``holder`` has locked or booked the seat; if it is available, ``holder`` had
    the last lock.

    The client knows only that the lock was made between ``start`` and ``end``.
    """

    status: str = "available"
    holder: int | None = None
    start: float = 0
    end: float = 0


def explain(calls: Sequence[Call], lock_seconds: float) -> bool:
    """Return whether some order of the calls, and of locks that expire between them, gives these
    answers."""
    calls = sorted(calls, key=lambda call: call.start)
    tried: set[tuple[frozenset[int], State]] = set()
    open_ends = [(frozenset(range(len(calls))), State())]
    while open_ends:
        remaining, state = open_ends.pop()
        if not remaining:
            return True
        if (remaining, state) in tried:
            continue
        tried.add((remaining, state))
        first_end = min(calls[index].end for index in remaining)
        for index in remaining:
            if calls[index].start > first_end:
                continue
            for seen in _as_seen_by(calls[index], state, lock_seconds):
                code, after = _carry_out(calls[index], seen)
                if code == calls[index].code:
                    open_ends.append((remaining - {index}, after))
    return False


def _as_seen_by(call: Call, state: State, lock_seconds: float) -> Iterator[State]:
    """Yield the states that the call can find: before the deadline, after it, or close to it
    either."""
    if state.status != "locked":
        yield state
        return
    if call.start < state.end + lock_seconds:
        yield state
    if call.end >= state.start + lock_seconds:
        yield State("available", state.holder)


def _carry_out(call: Call, state: State) -> tuple[str, State]:
    own = state.holder == call.client
    match call.action, state.status:
        case "lock", "available":
            return "ok", State("locked", call.client, call.start, call.end)
        case "lock", status:
            return f"seat_{status}", state
        case action, "locked" if own:
            return "ok", State("booked", call.client) if action == "confirm" else State()
        case _, "locked":
            return "not_your_lock", state
        case _, "available":
            return "lock_expired" if own else "seat_not_locked", state
        case _:
            return "seat_booked", state
