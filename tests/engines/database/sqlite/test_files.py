"""An SQLite file that is deleted, replaced, overwritten or hard-linked while it is in use."""

import itertools
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from booking.engines.database.connection import CannotOpen
from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.database.sqlite.file import DatabaseFile
from booking.engines.database.sqlite.generations import generation_of_copy, generations_in
from booking.engines.database.upkeep.restore import restore
from booking.engines.errors import Unavailable
from tests.live.server import ROOT
from tests.support.houses_on_file import WAYS, House, replace_by_renaming
from tests.support.waiting import wait_until

Way = Callable[[Path, Path], None]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


# Deleted and replaced


@pytest.mark.parametrize("way", WAYS)
def test_sales_move_to_the_file_that_replaced_the_database(
    house: House, copy: Path, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    way(copy, house.path)
    with pytest.raises(Unavailable, match="Nothing was changed") as refusal:
        house.sell(3)
    assert not refusal.value.outcome_unknown
    assert house.sold() == {1}
    house.sell(2, 4)
    house.database.close()
    assert House(house.path).sold() == {1, 2, 4}
    assert ["replaced" in line or "reopened" in line for line in told(caplog)[:2]] == [True] * 2


def test_without_the_check_a_sale_is_lost_with_the_file(
    house: House, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(DatabaseFile, "check", lambda _: 0)
    monkeypatch.setattr(DatabaseFile, "check_links", lambda _: None)
    replace_by_renaming(copy, house.path)
    house.sell(3)
    house.database.close()
    house.log().unlink(missing_ok=True)
    assert House(house.path).sold() == {1}


def test_a_deleted_file_is_logged_once_and_never_recreated(
    house: House, copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house.path.unlink()
    for _ in range(5):
        with pytest.raises(Unavailable):
            house.sell(3)
        with pytest.raises(Unavailable):
            house.sold()
    assert not house.path.exists()
    assert [line for line in told(caplog) if "is gone" in line] == told(caplog)[:1]
    assert len(told(caplog)) == 2  # It is gone, and there is no other.
    shutil.copyfile(copy, house.path)
    assert house.sold() == {1}


def test_a_lost_file_is_not_replaced_by_a_damaged_or_foreign_one(house: House, copy: Path) -> None:
    half = copy.read_bytes()[: copy.stat().st_size // 2]
    for content in (b"", b"no database at all" * 100, half):
        house.path.unlink()
        house.path.write_bytes(content)
        for _ in range(2):
            with pytest.raises(Unavailable):
                house.sold()
        assert house.path.read_bytes() == content
    replace_by_renaming(copy, house.path)
    assert house.sold() == {1}


def test_the_outcome_is_unknown_if_the_file_is_lost_during_a_commit(
    house: House, copy: Path
) -> None:
    def write_and_lose() -> None:
        with house.database.transaction(writing=True) as transaction:
            transaction.run("forget_answers", event="default")
            replace_by_renaming(copy, house.path)

    with pytest.raises(Unavailable) as refusal:
        write_and_lose()
    assert refusal.value.outcome_unknown


def test_connections_to_a_lost_file_leave_the_new_file_and_its_log_alone(
    house: House, copy: Path
) -> None:
    """SQLite finds its log by name."""
    replace_by_renaming(copy, house.path)
    house.log().unlink()
    with closing(sqlite3.connect(house.path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
        with pytest.raises(Unavailable):
            house.sell(3)
        assert house.log().stat().st_size > 0
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert other.execute("SELECT COUNT(*) FROM booking").fetchone() == (1,)


def test_a_stopping_process_leaves_a_file_alone_that_it_never_opened(
    house: House, copy: Path
) -> None:
    replace_by_renaming(copy, house.path)
    house.database.close()
    assert house.path.read_bytes() == copy.read_bytes()


# Overwritten in place


def test_nothing_is_sold_from_a_file_overwritten_in_place(
    house: House, copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copyfile(copy, house.path)
    for _ in range(3):
        with pytest.raises(Unavailable):
            house.sell(3)
        with pytest.raises(Unavailable):
            house.sold()
    assert len(told(caplog)) == 1
    assert "was overwritten" in told(caplog)[0]
    assert f"remove {house.path}, booking.db-wal and booking.db-shm" in told(caplog)[0]
    house.database.close()
    assert house.path.read_bytes() == copy.read_bytes()


def test_overwriting_with_an_older_copy_of_any_kind_is_detected(
    house: House, tmp_path: Path
) -> None:
    """Not only copies made by backup, whose generation is far away, but also raw older bytes."""
    house.sell(1)
    house.database.close()
    older = tmp_path / "older.db"
    shutil.copyfile(house.path, older)
    again = House(house.path)
    again.sell(2)
    with closing(sqlite3.connect(house.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    again.sell(3)
    shutil.copyfile(older, house.path)
    with pytest.raises(Unavailable):
        again.sell(4)
    again.database.close()


def test_restore_lets_a_process_recover_from_an_overwritten_file(house: House, copy: Path) -> None:
    shutil.copyfile(copy, house.path)
    with pytest.raises(Unavailable):
        house.sell(3)
    assert restore(str(house.path), str(copy)) == 1
    assert house.sold() == {1}
    house.sell(2)


def test_writing_the_log_back_is_not_taken_for_overwriting(house: House) -> None:
    """The negative control of the tests above, through many rounds of the log."""
    for seat in range(1, 40):
        house.sell(seat)
        if seat % 3 == 0:
            with closing(sqlite3.connect(house.path)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(sqlite3.connect(house.path)) as other:
        other.execute("VACUUM")
    house.sell(40)
    assert house.sold() == set(range(1, 41))


# A log that belongs to another file


def test_a_file_beside_the_log_of_another_is_refused(
    house: House, copy: Path, tmp_path: Path
) -> None:
    path = house.left_by_a_kill(tmp_path / "killed")
    shutil.copyfile(copy, path)
    before = copy.read_bytes()
    with pytest.raises(CannotOpen, match=r"-wal does not belong to .*Stop all processes"):
        SqliteDatabase(str(path))
    assert path.read_bytes() == before


def test_a_file_left_by_a_killed_process_has_every_sale(
    house: House, copy: Path, tmp_path: Path
) -> None:
    path = house.left_by_a_kill(tmp_path / "killed")
    assert list(generations_in(path.with_name("booking.db-wal")))
    left = House(path)
    assert left.sold() == {1, 2}
    left.database.close()


def test_a_missing_file_is_not_created_beside_its_log(
    house: House, copy: Path, tmp_path: Path
) -> None:
    path = house.left_by_a_kill(tmp_path / "killed")
    path.unlink()
    with pytest.raises(CannotOpen, match=r"There is no .*but its booking\.db-wal is there"):
        SqliteDatabase(str(path))
    assert not path.exists()


def test_a_removed_log_is_reported_and_its_sales_are_saved_when_stopping(
    house: House, tmp_path: Path
) -> None:
    """The service notices within a tenth of a second."""
    house.log().unlink()
    seats = itertools.count(1)

    def refused() -> bool:
        try:
            house.sell(next(seats))
        except Unavailable as refusal:
            return refusal.outcome_unknown
        return False

    wait_until(refused)
    with pytest.raises(Unavailable):
        house.sold()
    house.database.close()
    assert House(house.path).sold() >= set(range(1, next(seats) - 1))


@pytest.mark.parametrize("generation", [0, 1, 2**30, 2**31 - 1])
def test_the_generation_of_a_copy_is_far_away(generation: int) -> None:
    for _ in range(100):
        distance = (generation_of_copy(generation) - generation) % 2**31
        assert 2**28 < distance < 2**31 - 2**28


# One file under two names


def test_a_file_with_two_names_is_refused(house: House, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.hardlink_to(house.path)
    with pytest.raises(CannotOpen, match="second name"):
        SqliteDatabase(str(other))
    with pytest.raises(Unavailable):
        house.sell(1)
    other.unlink()
    house.sell(1)


def test_symbolic_links_lead_to_one_database(house: House, tmp_path: Path) -> None:
    (tmp_path / "folder").symlink_to(tmp_path)
    (tmp_path / "link.db").symlink_to(house.path)
    house.sell(1)
    for path in (tmp_path / "folder" / "booking.db", tmp_path / "link.db"):
        other = House(path)
        assert other.sold() == house.sold()
        other.sell(len(house.sold()) + 1)
        other.database.close()
    assert house.sold() == {1, 2, 3}


def opened_with_own_mounts(mounts: str, path: Path) -> str:
    """Run commands that mount something, open the database, and return what the process says."""
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    program = (
        f"from booking.engines.database.sqlite.database import SqliteDatabase;"
        f" SqliteDatabase({str(path)!r}).close()"
    )
    command = f'{mounts} && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "--mount", *root, "sh", "-c", command, sys.executable, program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stderr.strip().rpartition("\n")[2] or "opened"


def test_a_file_mounted_alone_is_refused_and_a_mounted_folder_is_not(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "mounted").mkdir()
    (tmp_path / "mounted.db").touch()
    house.database.close()
    said = opened_with_own_mounts(
        f"mount --bind {house.path} {tmp_path}/mounted.db", tmp_path / "mounted.db"
    )
    assert "is mounted as a single file" in said
    assert "Mount the folder" in said
    folder = f"mount --bind {tmp_path} {tmp_path}/mounted"
    assert opened_with_own_mounts(folder, tmp_path / "mounted" / "booking.db") == "opened"


# What cannot be opened


def other_program(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(statement)


@pytest.mark.parametrize(
    ("prepare", "name", "said"),
    [
        (lambda _: None, "no/such/folder/x.db", "There is no folder .* Create it"),
        (lambda _: None, ".", "is a folder. Name a file in it"),
        (lambda f: f.touch(), "x.db/y.db", "is not a folder. Name another file"),
        (lambda f: f.write_text("x" * 500), "x.db", "is not an SQLite database. Name another"),
        (lambda f: f.write_bytes(b"SQLite format 3\0" + b"x" * 500), "x.db", "another program"),
        (lambda f: other_program(f, "CREATE TABLE event (x)"), "x.db", "another program"),
        (lambda f: other_program(f, "PRAGMA application_id = 7"), "x.db", "another program"),
        (os.mkfifo, "x.db", "is not a file. Name a file"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_unchanged(
    tmp_path: Path, prepare: Callable[[Path], None], name: str, said: str
) -> None:
    file = tmp_path / "x.db"
    prepare(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(CannotOpen, match=said) as error:
        SqliteDatabase(str(tmp_path / name))
    assert "BOOKING_DATABASE_URL" in str(error.value)
    assert before == (file.read_bytes() if file.is_file() else b"")


@pytest.mark.parametrize(
    ("mount", "said"),
    [
        ("mount -t tmpfs -o ro none", "mounted read-only. Mount it for writing"),
        ("mount -t tmpfs -o size=4k none", "is full. Make room"),
    ],
)
def test_an_unwritable_disk_is_explained(tmp_path: Path, mount: str, said: str) -> None:
    assert said in opened_with_own_mounts(f"{mount} {tmp_path}", tmp_path / "x.db")


def test_an_unwritable_folder_is_explained(tmp_path: Path) -> None:
    """Even root may not write to a read-only file system."""
    said = opened_with_own_mounts("true", Path("/proc/booking.db"))
    assert "CannotOpen" in said
    assert "BOOKING_DATABASE_URL" in said


def test_a_database_locked_by_another_program_is_explained_and_no_connection_leaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.engines.database.sqlite.database.BUSY_SECONDS", 0.05)
    path = tmp_path / "booking.db"
    House(path).database.close()
    files = len([*Path("/proc/self/fd").iterdir()])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CannotOpen, match="Another program has locked"):
            SqliteDatabase(str(path))
    assert len([*Path("/proc/self/fd").iterdir()]) == files
    House(path).database.close()


# Stopping, and a log that grows


def test_a_closed_file_has_every_sale_even_one_that_was_being_written(
    house: House, tmp_path: Path
) -> None:
    house.sell(1)
    begun, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with house.database.transaction(writing=True) as transaction:
            transaction.run("remember_ended", event="gone", version=7)
            begun.set()
            go_on.wait()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    closer = threading.Thread(target=house.database.close)
    closer.start()
    wait_until(lambda: house.database._stopped)
    go_on.set()
    closer.join()
    writer.join()
    assert sorted(file.name for file in tmp_path.glob("booking.db*")) == ["booking.db"]
    alone = tmp_path / "alone.db"
    shutil.copyfile(house.path, alone)
    moved = House(alone)
    assert moved.sold() == {1}
    with moved.database.transaction(writing=False) as transaction:
        assert transaction.run("find_ended_version", event="gone")
    moved.database.close()
    with pytest.raises(Unavailable, match="has stopped"):
        house.sell(2)


def test_a_log_that_a_stuck_reader_lets_grow_is_reported_once_and_truncated_later(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.engines.database.sqlite.database.WARN_BYTES", 100_000)
    house.sell(1)
    with closing(sqlite3.connect(house.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM seat").fetchall()
        seats = itertools.count(2)

        def warned() -> bool:
            house.sell(next(seats))
            return bool(told(caplog))

        wait_until(warned)
        for _ in range(20):
            house.sell(next(seats))
    assert len(told(caplog)) == 1
    assert f'Find it with "fuser {house.path}", and end it' in told(caplog)[0]
