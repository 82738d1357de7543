"""What a request itself lacks, whatever it asks for. ``str(error)`` is a sentence for a person."""

from collections.abc import Sequence


class RequestError(Exception):
    """A request that is refused before any rule is asked."""


class InvalidToken(RequestError):
    """A holder token was sent that cannot be one."""


class AdministratorRequired(RequestError):
    """Only the administrator can do this, and the request does not prove to come from there."""

    def __init__(self) -> None:
        super().__init__(
            "Send the administrator's token (BOOKING_ADMIN_TOKEN of the service),"
            " as “Authorization: Bearer <token>”."
        )


class ScopeRequired(RequestError):
    """The key that the request brings is not good for this."""

    def __init__(self, name: str, scope: str, event: str) -> None:
        super().__init__(
            f"Your key “{name}” does not have the scope {scope} for event {event}. Ask the"
            " administrator for a key that has."
        )


class InvalidDocument(RequestError):
    """The description of an event describes none. ``mistakes`` are all that were found, each with
    its place in the document."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        more = len(mistakes) - 1
        others = f" (and {more} more {'mistake' if more == 1 else 'mistakes'})" if more else ""
        super().__init__(f"The event has a mistake: {mistakes[0]}{others}. Nothing was changed.")
        self.mistakes = tuple(mistakes)
