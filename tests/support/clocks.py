"""A clock that stands still until a test moves it."""

from booking.domain.moment import Moment

START = Moment(monotonic=1000.0, wall=1_800_000_000.0)


class ManualClock:
    """A clock to pass in wherever time matters."""

    def __init__(self, now: Moment = START) -> None:
        self.now = now

    def __call__(self) -> Moment:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.now = Moment(self.now.monotonic + seconds, self.now.wall + seconds)

    def set_wall(self, wall: float) -> None:
        """Let the wall clock jump, as when somebody sets it."""
        self.now = Moment(self.now.monotonic, wall)
