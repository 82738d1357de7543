"""The file of an SQLite database: whether it is ours, and whether it is still the same file.

SQLite opens a file once, and does not notice if another file takes its name. So each transaction
checks that the name still leads to the open file, and that the header follows from the last one.
"""

import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from booking.engines.database.connection import CannotOpen
from booking.engines.database.sqlite.generations import (
    Header,
    fits_log,
    generations_in,
    read_header,
    size_by_index,
)
from booking.engines.database.sqlite.reasons import another_program, put_the_copy_back, why_not

if sys.platform != "win32":
    import fcntl

APPLICATION_ID = 0x5EA75
"""``PRAGMA application_id`` of our databases. Earlier versions left it at 0."""

LOG_KEPT_BYTES = 16 * 1024 * 1024
"""SQLite truncates the write-ahead log to this size when it restarts the log."""

_RETRY_SECONDS = 0.0003


class FileGone(Exception):
    """The open file is no longer the database. The message says what happened to it.

    If there is ``advice``, the process cannot recover by opening another file: an operator has to
    follow it.
    """

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


def beside(path: Path, ending: str) -> Path:
    """Return the path of a file that SQLite keeps beside a database, such as its ``-wal``."""
    return path.with_name(path.name + ending)


class DatabaseFile:
    """A database file that this process has open.

    It reads the file through its own descriptor, which must outlive all SQLite connections of the
    process to the file: closing any descriptor of a file drops SQLite's locks on it.
    """

    def __init__(self, path: Path, *, create: bool, gone: "DatabaseFile | None" = None) -> None:
        """Open the file. The caller must have locked the folder.

        If this file replaces the file ``gone``, remove the log that ``gone`` left.

        Raises:
            CannotOpen: the file is missing, is not a database, or is not accessible.
        """
        self.path = Path(os.path.realpath(path))
        # A symbolic link may lead to another file one day.
        self._name = str(path)
        self._log = beside(self.path, "-wal")
        if create and not self.path.exists() and _size(self._log):
            raise CannotOpen(
                f"There is no {self.path}, but its {self._log.name} is there."
                f" Put the database back, or remove {self._log.name} to begin with an empty one."
            )
        try:
            flags = os.O_RDWR | (os.O_CREAT if create else 0) | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(self.path, flags, 0o644)
        except OSError as error:
            raise CannotOpen(why_not(self.path, error)) from error
        try:
            found = os.fstat(self._descriptor)
            self._device, self._inode = found.st_dev, found.st_ino
            self.new = found.st_size == 0
            self._expect_one_name(found)
            self._header = self._expect_ours()
            if not self.new:
                self._expect_own_log(gone)
                self._expect_own_index()
        except BaseException:
            self.close()
            raise
        self.log_identity: tuple[int, int] | None = None
        self.overwritten = False
        """Another program overwrote the file in place. Closing the last connection would write the
        log into it."""
        self.begun_at = 0
        """The file's modification time when this process last wrote a generation. A later time
        means that the log may have restarted; then the next transaction has to write the next
        generation, which ties the log to this file. Only the current writer uses this."""

        # Guards the header as last seen, with the file's size and modification time.
        self._lock = threading.Lock()
        self._written_at = self._size = 0

    def close(self) -> None:
        """Close the descriptor. All connections of the process to the file must be closed."""
        os.close(self._descriptor)

    def open_log(self) -> None:
        """Remember the identity of the write-ahead log that a connection has just opened."""
        log = self._log.stat()
        self.log_identity = log.st_dev, log.st_ino
        self._header = read_header(self._read()) or self._header

    def check(self) -> int:
        """Check that the name still leads to the open file, and that the header follows from the
        last one. Returns the file's modification time in nanoseconds.

        Raises:
            FileGone: the file was deleted, replaced or overwritten, or has a second name.
        """
        try:
            now = os.stat(self._name)  # noqa: PTH116  Twice as fast as Path.stat().
        except OSError as error:
            raise FileGone(f"{self.path} is gone ({error.strerror})") from error
        if now.st_ino != self._inode or now.st_dev != self._device:
            raise FileGone(f"{self.path} was replaced by another file")
        if now.st_nlink != 1:
            raise FileGone(f"{self.path} has a second name (a hard link)")
        if now.st_mtime_ns != self._written_at or now.st_size != self._size:
            self._look_at_header(now)
        return now.st_mtime_ns

    def check_links(self) -> None:
        """Check the open file only if its number of names is not 1. Three times as fast as
        :meth:`check`, because it does not look up the name. Raises FileGone."""
        if os.fstat(self._descriptor).st_nlink != 1:
            self.check()

    def is_replaced(self) -> bool:
        """Return whether another file has the name now."""
        with suppress(OSError):
            now = self.path.stat()
            return (now.st_dev, now.st_ino) != (self._device, self._inode)
        return False

    def check_log(self) -> int:
        """Check that the write-ahead log is still the open one. Returns its size.

        Raises:
            FileGone: the log was deleted or replaced.
        """
        try:
            now = self._log.stat()
        except OSError:
            now = None
        if now is None or (now.st_dev, now.st_ino) != self.log_identity:
            raise FileGone(
                f"{self._log} was removed or replaced while it was in use",
                advice="Stop all processes, which saves its contents to the database, and start.",
            )
        return now.st_size

    def _read(self) -> bytes:
        return os.pread(self._descriptor, 100, 0)

    def _look_at_header(self, now: os.stat_result) -> None:
        """Check the header after a write: by SQLite, or by another program. Raises FileGone."""
        with self._lock:
            header = read_header(self._read())
            if header is None or not header.follows(self._header):
                self.overwritten = True
                raise FileGone(
                    f"{self.path} was overwritten while it was in use",
                    advice=put_the_copy_back(self.path),
                )
            self._header, self._written_at, self._size = header, now.st_mtime_ns, now.st_size

    def _expect_one_name(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise CannotOpen(f"{self.path} is not a file. Name a file with BOOKING_DATABASE_URL.")
        if found.st_nlink > 1:
            raise CannotOpen(
                f"{self.path} has a second name (a hard link). A process that uses the other name"
                " would sell the same seats. Remove that name, or use a symbolic link."
            )
        if _is_mounted(self._descriptor, self.path.parent):
            raise CannotOpen(
                f"{self.path} is mounted as a single file, without the write-ahead log beside it."
                " Mount the folder instead."
            )

    def _expect_ours(self) -> Header:
        header = read_header(self._read())
        if header is None and not self.new:
            raise CannotOpen(
                f"{self.path} is not an SQLite database. Name another file with"
                " BOOKING_DATABASE_URL."
            )
        if header is not None and header.application not in (0, APPLICATION_ID):
            raise another_program(self.path)
        return header or Header(0, 0, 0)

    def _expect_own_log(self, gone: "DatabaseFile | None") -> None:
        """Raise CannotOpen if another file left the log. If that file is ``gone``, remove it."""
        while True:
            header = self._header
            generations = list(generations_in(self._log))
            self._header = self._expect_ours()
            # A changed header means that another process wrote the log back in the meantime.
            if self._header == header:
                break
        if fits_log(header.generation, generations):
            return
        log = self._log.stat()
        if gone is None or (log.st_dev, log.st_ino) != gone.log_identity:
            raise CannotOpen(
                f"{self._log} does not belong to {self.path}: the file was put beside the log of"
                f" another database. {put_the_copy_back(self.path)}"
            )
        remove_log(self.path)

    def _expect_own_index(self) -> None:
        """Remove the index of an empty log if it describes a database of another size. It then
        belongs to the previous file, which another process may have open; SQLite would trust it."""
        index = beside(self.path, "-shm")
        before = os.fstat(self._descriptor).st_size
        size = size_by_index(index)
        if size is not None and size != before == os.fstat(self._descriptor).st_size:
            index.unlink(missing_ok=True)


def remove_log(path: Path) -> None:
    """Remove SQLite's files beside a database. The caller must have locked the folder."""
    for ending in ("-wal", "-shm", "-journal"):
        beside(path, ending).unlink(missing_ok=True)


@contextmanager
def locked_folder(path: Path, seconds: float) -> Iterator[None]:
    """Lock the path's folder: no other process opens or replaces a database in it meanwhile.

    Raises:
        CannotOpen: the folder does not exist, or another process has locked it for ``seconds``.
    """
    if sys.platform == "win32":  # Windows does not let anybody replace an open file.
        yield
        return
    folder = Path(os.path.realpath(path)).parent
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CannotOpen(why_not(folder / path.name, error)) from error
    try:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CannotOpen(
                        f"Another process has been opening a database in {folder} for"
                        f" {seconds:g} s. Wait for it, or end it."
                    ) from None
            time.sleep(_RETRY_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_mounted(descriptor: int, folder: Path) -> bool:
    """Return whether a file and its folder are on different mounts. Only Linux says."""
    try:
        of_folder = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        return _mount(descriptor) != _mount(of_folder)
    finally:
        os.close(of_folder)


def _mount(descriptor: int) -> str:
    with suppress(OSError):
        for line in Path(f"/proc/self/fdinfo/{descriptor}").read_text("ascii").splitlines():
            if line.startswith("mnt_id:"):
                return line
    return ""
