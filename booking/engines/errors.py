"""What keeps an engine from carrying out a call that the rules may well allow.

``str(error)`` is a sentence for a person.
"""

from booking.plans.names import shorten


class EngineError(Exception):
    """The engine cannot carry out a call."""


class EventUnreadable(EngineError):
    """What is stored of the event makes no sense. Other events are sold all the same."""

    def __init__(self, event: str) -> None:
        super().__init__(
            f"The event “{shorten(event)}” cannot be read. Ask the organiser;"
            " the log of the service says what is wrong with it."
        )


class IdempotencyKeyReused(EngineError):
    """The key was used for another request already."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request already."
            " Use a new key for each new request."
        )


class Unavailable(EngineError):
    """The database does not do what it is asked for. Nothing was changed or, with
    ``outcome_unknown``, it is not known whether something was.

    ``aborted``: the database took it back because of what others wrote, or the connection was lost.
    Carried out once more, it may succeed. ``rejected``: the database is well, but does not take
    what it was given. ``incident`` is where the server log has the details.
    """

    retry_after = 1.0

    def __init__(
        self,
        message: str,
        *,
        outcome_unknown: bool = False,
        aborted: bool = False,
        rejected: bool = False,
        incident: str | None = None,
    ) -> None:
        outcome = (
            "It is not known whether the request was carried out: send it again, as it was, in a"
            " moment."
            if outcome_unknown
            else "Nothing was changed. Try again in a moment."
        )
        details = "" if incident is None else f" The server log has the details under {incident}."
        super().__init__(f"{message} {outcome}{details}")
        self.outcome_unknown = outcome_unknown
        self.aborted = aborted
        self.rejected = rejected
        self.incident = incident
