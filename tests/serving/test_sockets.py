"""A server waits for its sockets, and asks only those on which something has happened."""

import os
import socket
import sys
from collections.abc import Callable, Iterator

import pytest
from waitress import wasyncore

from booking.serving.sockets import Sockets

if sys.platform != "linux":
    pytest.skip("elsewhere, this is waitress's loop", allow_module_level=True)


class Connection(wasyncore.dispatcher):  # type: ignore[misc]
    """One end of a connection, which notes what it is told; ``client`` is the other end."""

    def __init__(self, sockets: Sockets) -> None:
        ours, self.client = socket.socketpair()
        self.reads = self.writes = False
        self.asked = 0
        self.told: list[str] = []
        super().__init__(ours, map=sockets)
        self.connected = True

    @property
    def file(self) -> int:
        return int(self._fileno)

    def readable(self) -> bool:
        self.asked += 1
        return self.reads

    def writable(self) -> bool:
        return self.writes

    def handle_read(self) -> None:
        self.told.append(self.recv(100).decode() or "nothing more")

    def handle_write(self) -> None:
        self.told.append("may write")


@pytest.fixture
def sockets() -> Sockets:
    return Sockets()


Connect = Callable[..., Connection]


@pytest.fixture
def connect(sockets: Sockets) -> Iterator[Connect]:
    """Makes a connection, of which the server has heard that it wants to read or to write."""
    made: list[Connection] = []

    def connect(*, reads: bool = False, writes: bool = False) -> Connection:
        connection = Connection(sockets)
        connection.reads, connection.writes = reads, writes
        made.append(connection)
        sockets.turn(0)
        return connection

    yield connect
    for connection in made:
        connection.client.close()
        connection.close()


def test_those_at_rest_are_not_asked(sockets: Sockets, connect: Connect) -> None:
    resting, busy = connect(reads=True), connect(reads=True)
    before = resting.asked
    for _ in range(3):
        busy.client.send(b"x")
        sockets.turn(0)
    assert busy.told == ["x"] * 3
    assert resting.asked == before


def test_what_is_sent_is_read(sockets: Sockets, connect: Connect) -> None:
    connection = connect(reads=True)
    connection.client.send(b"hello")
    sockets.turn(10)
    assert connection.told == ["hello"]


def test_an_answer_is_written_as_soon_as_it_is_told_of(sockets: Sockets, connect: Connect) -> None:
    connection = connect(reads=True)
    connection.writes = True
    sockets.ask(connection.file)
    sockets.turn(0)
    assert "may write" in connection.told


def test_who_has_more_to_write_is_told_again(sockets: Sockets, connect: Connect) -> None:
    connection = connect(writes=True)
    connection.told.clear()
    sockets.turn(10)
    assert connection.told == ["may write"]


def test_what_is_sent_too_early_is_read_once_that_is_wanted(
    sockets: Sockets, connect: Connect
) -> None:
    connection = connect(reads=True)
    connection.reads = False
    connection.client.send(b"the next")
    sockets.turn(10)
    before = connection.asked
    # As long as it is not wanted, the system does not tell of it at each turn.
    sockets.turn(0.01)
    assert (connection.told, connection.asked) == ([], before)
    connection.reads = True
    sockets.ask(connection.file)
    sockets.turn(10)
    assert connection.told == ["the next"]


def test_that_a_client_has_gone_is_noticed_once_it_is_wanted(
    sockets: Sockets, connect: Connect
) -> None:
    connection = connect(reads=True)
    connection.reads = False
    connection.client.close()
    sockets.turn(10)
    assert connection.told == []
    connection.reads = True
    sockets.ask(connection.file)
    sockets.turn(10)
    assert connection.told == ["nothing more"]
    assert not sockets


def test_a_closed_socket_is_not_looked_at(sockets: Sockets, connect: Connect) -> None:
    connection = connect(reads=True)
    file = connection.file
    connection.close()
    sockets.ask(file)
    sockets.ask(None)
    sockets.turn(0)
    assert connection.told == []


def test_a_socket_that_another_thread_closes_in_the_midst_of_it_ends_nothing(
    sockets: Sockets, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect()

    def close_and_say_so() -> bool:
        connection.socket.close()
        return True

    monkeypatch.setattr(connection, "readable", close_and_say_so)
    sockets.ask(connection.file)
    sockets.turn(0)
    del sockets[connection.file]
    assert not sockets


def test_a_connection_that_another_thread_closes_in_the_midst_of_it_ends_nothing(
    sockets: Sockets, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect(reads=True)

    def close_and_say_so() -> bool:
        connection.close()
        return True

    monkeypatch.setattr(connection, "readable", close_and_say_so)
    connection.client.send(b"too late")
    sockets.turn(10)
    assert not sockets


def test_what_happened_to_a_closed_one_is_not_told_to_the_next_with_its_number(
    sockets: Sockets, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, closed = connect(reads=True), connect(reads=True)
    file = closed.file
    accepted: list[Connection] = []

    def close_the_other_and_accept() -> None:
        closed.close()
        accepted.append(Connection(sockets))
        accepted[0].reads = True

    monkeypatch.setattr(closing, "handle_read", close_the_other_and_accept)
    for connection in (closing, closed):
        connection.client.send(b"x")
    sockets.turn(10)
    assert accepted[0].file == file
    # To read, with nothing there, would close it.
    assert sockets[file] is accepted[0]
    accepted[0].client.close()
    accepted[0].close()


def test_a_socket_that_another_process_has_too_is_forgotten_when_it_is_closed(
    sockets: Sockets, connect: Connect
) -> None:
    connection = connect(reads=True)
    theirs = os.dup(connection.file)
    file = connection.file
    connection.close()
    connection.client.send(b"for them")
    following = connect()
    # The file is that of the next connection now, which does not want to read.
    assert following.file == file
    before = following.asked
    sockets.turn(0.01)
    assert following.asked == before
    os.close(theirs)
