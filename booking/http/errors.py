"""Errors in the request itself. ``str(error)`` is a sentence for a person."""

import math
from collections.abc import Sequence


class RequestError(Exception):
    """The request is refused before any rule of the sale applies."""


class InvalidToken(RequestError):
    """The holder token does not have the form of one."""


class AdministratorRequired(RequestError):
    """Only the administrator may do this, and the request does not carry the token."""

    def __init__(self) -> None:
        super().__init__(
            "Send the administrator's token (BOOKING_ADMIN_TOKEN of the service),"
            " as “Authorization: Bearer <token>”."
        )


class TooManyRequests(RequestError):
    """The client asks for more than one client may. ``retry_after`` is how many seconds to wait."""

    def __init__(self, message: str, retry_after: float) -> None:
        seconds = max(1, math.ceil(retry_after))
        wait = "a second" if seconds == 1 else f"{seconds} seconds"
        super().__init__(f"{message} Try again in {wait}.")
        self.retry_after = retry_after


class ScopeRequired(RequestError):
    """The key that the request brings is not good for this."""

    def __init__(self, name: str, scope: str, event: str) -> None:
        super().__init__(
            f"Your key “{name}” does not have the scope {scope} for event {event}. Ask the"
            " administrator for a key that has."
        )


class InvalidDocument(RequestError):
    """The description of an event is invalid. ``mistakes`` are the first that were found, each with
    its place in the document; ``count`` is how many there are, if those are not all."""

    def __init__(self, mistakes: Sequence[str], count: int | None = None) -> None:
        more = (len(mistakes) if count is None else count) - 1
        others = f" (and {more:,} more {'mistake' if more == 1 else 'mistakes'})" if more else ""
        super().__init__(f"The event has a mistake: {mistakes[0]}{others}. Nothing was changed.")
        self.mistakes = tuple(mistakes)
        self.count = more + 1
