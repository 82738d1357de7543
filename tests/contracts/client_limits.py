"""What every box office must do where locks are limited by client."""

import pytest

from booking.domain import errors
from booking.domain.model import Client, Event, LockedSeats
from booking.engines.contract import BoxOffice
from booking.engines.idempotency import KeyedRequest, Reply
from booking.plans import grid
from tests.support.clocks import ManualClock
from tests.support.engine import ANN, BOB

EVE = Client(b"e" * 16, most=2)
OTHER = Client(b"o" * 16, most=2)


class ClientLimitContract:
    """The locks of a client count in all events, as long as they last."""

    @pytest.fixture
    def houses(self, box_office: BoxOffice) -> BoxOffice:
        """Two events with the seats A1, A2, A3, B1, B2 and B3."""
        for name in ("gala", "opera"):
            box_office.put(Event(id=name, plan=grid.grid(2, 3)))
        return box_office

    def test_a_client_has_no_more_locked_in_all_events_than_it_may(self, houses: BoxOffice) -> None:
        gala, opera = houses.registry("gala"), houses.registry("opera")
        gala.lock(["A1"], ANN, client=EVE)
        opera.lock(["A1"], BOB, client=EVE)
        for registry in (gala, opera):
            with pytest.raises(errors.ClientLimitReached):
                registry.lock(["A2"], b"c" * 32, client=EVE)
        opera.lock(["A2"], BOB, client=OTHER)
        opera.lock(["A3"], BOB)

    def test_locks_that_are_over_count_no_longer(
        self, houses: BoxOffice, clock: ManualClock
    ) -> None:
        gala, opera = houses.registry("gala"), houses.registry("opera")
        gala.lock(["A1"], ANN, client=EVE)
        gala.lock(["A2"], ANN, client=EVE)
        gala.release(["A1"], ANN)
        gala.confirm(["A2"], ANN)
        opera.lock(["A1", "A2"], ANN, client=EVE)
        opera.extend(["A1"], ANN)
        with pytest.raises(errors.ClientLimitReached):
            gala.lock(["A1"], ANN, client=EVE)
        clock.advance(301)
        gala.lock(["B1", "B2"], BOB, client=EVE)

    def test_an_extended_lock_counts_on(self, houses: BoxOffice, clock: ManualClock) -> None:
        gala = houses.registry("gala")
        gala.lock(["A1", "A2"], ANN, client=EVE)
        clock.advance(50)
        gala.extend(["A1", "A2"], ANN)
        clock.advance(50)
        with pytest.raises(errors.ClientLimitReached):
            houses.registry("opera").lock(["A1"], ANN, client=EVE)

    def test_a_request_that_is_sent_again_is_answered_again_at_the_limit(
        self, houses: BoxOffice
    ) -> None:
        request = KeyedRequest(ANN, "key", b"d" * 32)
        reply: Reply[LockedSeats] = Reply(lambda _: {"status": 200}, request)
        for _ in range(2):
            assert houses.registry("gala").lock(["A1", "A2"], ANN, reply, EVE) == {"status": 200}

    def test_the_key_of_the_digests_stays(self, box_office: BoxOffice) -> None:
        key = box_office.shared_key("clients")
        assert len(key) == 32
        assert key == box_office.shared_key("clients") != box_office.shared_key("links")
