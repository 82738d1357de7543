"""The outbox in memory: the contract."""

from collections.abc import Iterator

import pytest

from booking.engines.memory.box_office import MemoryBoxOffice
from booking.settings import Settings
from tests.contracts.mail import GALA, MailContract, book
from tests.support.clocks import ManualClock


class TestMail(MailContract):
    """The contract, kept in memory."""

    @pytest.fixture
    def box_office(self, settings: Settings, clock: ManualClock) -> Iterator[MemoryBoxOffice]:
        box_office = MemoryBoxOffice(settings, clock=clock)
        yield box_office
        box_office.close()


def test_without_a_mail_server_nothing_is_kept_for_the_mail() -> None:
    box_office = MemoryBoxOffice(Settings())
    box_office.put(GALA)
    book(box_office.registry("gala"), "A1")
    assert box_office.outbox.waiting() == 0
    box_office.close()
