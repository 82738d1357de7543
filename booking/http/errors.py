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


class InvalidDocument(RequestError):
    """The description of an event describes none. ``mistakes`` are the first that were found, each
    with its place in the document; ``count`` is how many there are, if those are not all."""

    def __init__(self, mistakes: Sequence[str], count: int | None = None) -> None:
        more = (len(mistakes) if count is None else count) - 1
        others = f" (and {more:,} more {'mistake' if more == 1 else 'mistakes'})" if more else ""
        super().__init__(f"The event has a mistake: {mistakes[0]}{others}. Nothing was changed.")
        self.mistakes = tuple(mistakes)
