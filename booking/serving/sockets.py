"""Waiting for the sockets of a server, most of which are at rest."""

import select
import sys
from collections import deque
from contextlib import suppress
from typing import Any

from waitress import wasyncore

if sys.platform == "linux":
    _READ = select.EPOLLIN | select.EPOLLPRI
    _WRITE = select.EPOLLOUT
    _GONE = select.EPOLLHUP | select.EPOLLERR


class Sockets(dict[int, Any]):
    """The sockets of a server by their files, as waitress keeps them: objects that say whether they
    want to read or to write, and are told when they can.

    waitress's loop asks each of them at each turn. Here, the system remembers what they want (epoll
    of Linux; elsewhere, this is waitress's loop), and only those are asked on which something has
    happened, or which :meth:`ask` names. So those at rest cost nothing: 900 took two thirds of
    the processor time of a request (``python -m benchmarks --only idle``).
    """

    def __init__(self) -> None:
        super().__init__()
        self._to_ask: deque[int] = deque()
        # What the system watches for, by file. It may be more than is wanted: a connection that
        # sends nothing while its request is answered takes no system call.
        self._watched: dict[int, int] = {}
        if sys.platform == "linux":
            self._epoll = select.epoll()

    def __setitem__(self, file: int, socket: Any) -> None:
        # What was watched of this number was another file.
        self._watch(file, 0)
        super().__setitem__(file, socket)
        self.ask(file)

    def __delitem__(self, file: int) -> None:
        super().__delitem__(file)
        # To close it would not end the watch on a file that other processes have, too.
        self._watch(file, 0)

    def ask(self, file: int | None) -> None:
        """Ask a socket at the next turn what it wants, for that may have changed; None is one that
        is closed. From any thread, which then has to end the present turn."""
        if file is not None:
            self._to_ask.append(file)

    def turn(self, seconds: float) -> None:
        """Wait until something happens that a socket wants, or for so long, and tell it."""
        if sys.platform != "linux":
            self._to_ask.clear()
            wasyncore.loop(seconds, use_poll=True, map=self, count=1)
            return
        for _ in range(len(self._to_ask)):
            file = self._to_ask.popleft()
            # As if there were room for an answer. Mostly there is, and to be told so would take one
            # more turn.
            self._tell(file, self.get(file), _WRITE)
        found = [(file, self.get(file), happened) for file, happened in self._epoll.poll(seconds)]
        for file, socket, happened in found:
            # If it is another, it has the number of one that was closed a moment ago.
            if self.get(file) is socket:
                self._tell(file, socket, happened)

    def _tell(self, file: int, socket: Any, happened: int) -> None:
        """Tell a socket what has happened, as far as it wants that, and watch for what it wants
        next."""
        wanted = now = self._wanted(socket)
        if happened & wanted:
            wasyncore.readwrite(socket, happened & wanted)
            now = self._wanted(self.get(file))
        watched = self._watched.get(file, 0)
        # What nobody wants, the system would say again at each turn.
        if now & ~watched or happened & watched & ~wanted:
            self._watch(file, now)

    def _wanted(self, socket: Any) -> int:
        """What a socket wants; nothing, if it is None, for one that is closed."""
        if socket is None:
            return 0
        wanted = _READ if socket.readable() else 0
        # One that accepts connections has nothing to write.
        if socket.writable() and not socket.accepting:
            wanted |= _WRITE
        return wanted and wanted | _GONE

    def _watch(self, file: int, events: int) -> None:
        # Another thread may have closed the file.
        with suppress(OSError):
            if not events:
                if self._watched.pop(file, 0):
                    self._epoll.unregister(file)
                return
            if file in self._watched:
                self._epoll.modify(file, events)
            else:
                self._epoll.register(file, events)
            self._watched[file] = events
