"""Is there an order of events that explains what many clients were answered?

The search is Wing and Gong's (Testing and Verifying Concurrent Objects, 1993): take any call next
that began before every other remaining one had ended, if its answer is right in the state so far;
go back where none fits. A state that was tried with the same calls remaining is not tried again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One call on one seat and its answer, between two moments of the monotonic clock."""

    start: float
    end: float
    client: int
    action: str
    code: str


@dataclass(frozen=True)
class State:
    """``holder`` has the seat locked or booked, or, if it is available, had the last lock on it.

    The lock was made somewhere between ``start`` and ``end``: that is all the client can know.
    """

    status: str = "available"
    holder: int | None = None
    start: float = 0
    end: float = 0


def explain(calls: Sequence[Call], lock_seconds: float) -> bool:
    """Whether some order of the calls, and of locks running out in between, gives these answers."""
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
    """The states that the call can meet: before the deadline, after it, or, near it, either."""
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
