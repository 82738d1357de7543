"""The file of an SQLite database: whether it is ours, and whether it is still the same one.

SQLite opens a file once and believes in it from then on, whatever becomes of its name. So each
transaction compares the name with the open file, and the header on the disk with the one it saw
before.
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
"""What ``PRAGMA application_id`` says in our databases. Those of earlier versions have 0."""

LOG_KEPT_BYTES = 16 * 1024 * 1024
"""The write-ahead log is cut back to this size when it begins anew."""

_LOOK_SECONDS = 0.0003


class FileGone(Exception):
    """The open file is no longer the database. The message says what became of it.

    With ``advice``, which says what to do, this process cannot go on with another file.
    """

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


def beside(path: Path, ending: str) -> Path:
    """The file that SQLite keeps beside a database: ``-wal``, ``-shm`` or ``-journal``."""
    return path.with_name(path.name + ending)


class DatabaseFile:
    """A database file that this process has open.

    It is read through a descriptor of its own, which has to outlive every connection of the process
    to the file: to close any descriptor of a file takes away the locks that SQLite has on it.
    """

    def __init__(self, path: Path, *, create: bool, gone: "DatabaseFile | None" = None) -> None:
        """Open the file. The caller has locked the folder.

        What the file ``gone`` left beside this one, which stands in its place now, is removed.

        Raises:
            CannotOpen: it is missing, is no database, or may not be used.
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
        """Whether it was found to be so. Then no connection may be closed, which would write the
        log back into the file."""
        self.begun_at = 0
        """When the file had last been written when this process last wrote a generation. Once it is
        written again, the log may begin anew. Then a transaction has to write the next generation,
        so that the log tells which file it belongs to. For whoever has begun to write."""

        # Guards the header as it was last seen, and what the file was like then.
        self._lock = threading.Lock()
        self._written_at = self._size = 0

    def close(self) -> None:
        """Close the descriptor; every connection of the process to the file has been closed."""
        os.close(self._descriptor)

    def open_log(self) -> None:
        """Remember the write-ahead log, which a connection has opened by now."""
        log = self._log.stat()
        self.log_identity = log.st_dev, log.st_ino
        self._header = read_header(self._read()) or self._header

    def check(self) -> int:
        """Compare the name with the open file, and the header with the one that was seen before.
        Returns when the file was written last, in nanoseconds.

        Raises:
            FileGone: the file was deleted, replaced or overwritten, or has a second name.
        """
        try:
            now = os.stat(self._name)  # noqa: PTH116  Twice as fast as that of a Path.
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
        """The same, if the open file has lost its name or has a second one. It is three times as
        fast, since it looks at no name."""
        if os.fstat(self._descriptor).st_nlink != 1:
            self.check()

    def is_replaced(self) -> bool:
        """Whether the name leads to another file by now."""
        with suppress(OSError):
            now = self.path.stat()
            return (now.st_dev, now.st_ino) != (self._device, self._inode)
        return False

    def check_log(self) -> int:
        """Compare the write-ahead log with the open one; its size.

        Raises:
            FileGone: it was deleted or replaced.
        """
        try:
            now = self._log.stat()
        except OSError:
            now = None
        if now is None or (now.st_dev, now.st_ino) != self.log_identity:
            raise FileGone(
                f"{self._log} was removed or replaced while it was in use",
                advice="Stop all processes, which writes what it had to the database, and start.",
            )
        return now.st_size

    def _read(self) -> bytes:
        return os.pread(self._descriptor, 100, 0)

    def _look_at_header(self, now: os.stat_result) -> None:
        """The file was written since one looked: by SQLite, or by somebody else."""
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
            raise CannotOpen(f"{self.path} is no file. Name a file with BOOKING_DATABASE_URL.")
        if found.st_nlink > 1:
            raise CannotOpen(
                f"{self.path} has a second name (a hard link), under which another process would"
                " not see what this one sells. Remove the other name, or use a symbolic link."
            )
        if _is_mounted(self._descriptor, self.path.parent):
            raise CannotOpen(
                f"{self.path} is mounted as a single file, so that its write-ahead log is in"
                " another folder than elsewhere. Mount the folder that holds it."
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
        """Raise CannotOpen if the log was left by another file than this one; remove it if that was
        the file that is gone."""
        while True:
            header = self._header
            generations = list(generations_in(self._log))
            self._header = self._expect_ours()
            # Otherwise another process has written the log back meanwhile.
            if self._header == header:
                break
        if fits_log(header.generation, generations):
            return
        log = self._log.stat()
        if gone is None or (log.st_dev, log.st_ino) != gone.log_identity:
            raise CannotOpen(
                f"{self._log} does not belong to {self.path}: the file was put there while the log"
                f" of another was left. {put_the_copy_back(self.path)}"
            )
        remove_log(self.path)

    def _expect_own_index(self) -> None:
        """Remove the index of an empty log if it tells of a database of another size: then it is of
        the file before, which another process may still have open. SQLite would believe it."""
        index = beside(self.path, "-shm")
        before = os.fstat(self._descriptor).st_size
        size = size_by_index(index)
        if size is not None and size != before == os.fstat(self._descriptor).st_size:
            index.unlink(missing_ok=True)


def remove_log(path: Path) -> None:
    """Remove what SQLite keeps beside a database. The caller has locked the folder."""
    for ending in ("-wal", "-shm", "-journal"):
        beside(path, ending).unlink(missing_ok=True)


@contextmanager
def locked_folder(path: Path, seconds: float) -> Iterator[None]:
    """Be the only process that opens or replaces a database in the folder of the path.

    Raises:
        CannotOpen: there is no such folder, or another process has been at it for so many seconds.
    """
    if sys.platform == "win32":  # It lets nobody replace an open file.
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
                        f" {seconds:g} s. Wait until it has, or end it."
                    ) from None
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_mounted(descriptor: int, folder: Path) -> bool:
    """Whether a file is on another mount than its folder. Linux alone tells."""
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
