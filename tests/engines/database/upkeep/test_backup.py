"""Backup and restore of an SQLite database in use, and what they refuse."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from booking.engines.database.sqlite.database import SqliteDatabase
from booking.engines.database.upkeep.backup import BackupError, backup
from booking.engines.database.upkeep.restore import restore
from booking.engines.errors import Unavailable
from tests.support.houses_on_file import House


def bookings(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as copy:
        return int(copy.execute("SELECT COUNT(*) FROM booking").fetchone()[0])


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("booking.db"))


# Backup


def test_a_copy_is_one_file_with_all_that_was_sold(house: House, copy: Path) -> None:
    assert files(copy.parent) == ["copy.db"]
    assert bookings(copy) == 1
    assert backup(house.database, str(copy)) == 2
    assert bookings(copy) == 2


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_the_database_is_not_overwritten_with_its_copy(
    house: House, tmp_path: Path, ending: str
) -> None:
    house.sell(1)
    (tmp_path / "link").symlink_to(f"{house.path}{ending}")
    for name in (f"booking.db{ending}", "link"):
        for force in (False, True):
            with pytest.raises(BackupError, match="is the database itself"):
                backup(house.database, str(tmp_path / name), force=force)
    house.sell(2)
    assert house.sold() == {1, 2}


def test_a_copy_that_has_more_bookings_is_overwritten_only_by_force(
    house: House, copy: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    empty = House(tmp_path / "other" / "empty.db")
    with pytest.raises(BackupError, match=r"more bookings \(1\) than the database \(0\)"):
        backup(empty.database, str(copy))
    assert bookings(copy) == 1
    assert backup(empty.database, str(copy), force=True) == 0
    assert bookings(copy) == 0
    assert files(tmp_path) == ["copy.db", "other"]
    empty.database.close()


def test_a_file_that_is_not_a_copy_is_overwritten_only_by_force(
    house: House, tmp_path: Path
) -> None:
    text = tmp_path / "text"
    text.write_text("a letter")
    with pytest.raises(BackupError, match="is not a copy of a booking database"):
        backup(house.database, str(text))
    assert text.read_text() == "a letter"
    assert backup(house.database, str(text), force=True) == 0


def test_an_unwritable_copy_is_explained(house: House, tmp_path: Path) -> None:
    for file in ("no/such/folder", "."):
        with pytest.raises(BackupError, match="Cannot write"):
            backup(house.database, str(tmp_path / file))
    assert files(tmp_path) == []


# Restore


def test_a_copy_is_restored_while_the_database_is_in_use(house: House, copy: Path) -> None:
    version = house.registry.changes().version
    assert restore(str(house.path), str(copy), wall_clock=lambda: 0) == 1
    with pytest.raises(Unavailable):
        house.sell(3)
    changes = house.registry.changes(version)
    assert changes.full
    assert changes.version > version
    assert house.sold() == {1}
    house.sell(2)
    assert files(copy.parent) == ["copy.db"]


def truncate(house: House) -> None:
    house.path.write_bytes(house.path.read_bytes()[:5000])


def scribble(house: House) -> None:
    house.path.write_bytes(b"no database" * 1000)


def overwrite(house: House) -> None:
    shutil.copyfile(house.path.with_name("copy.db"), house.path)


def make_newer(house: House) -> None:
    with closing(sqlite3.connect(house.path)) as other:
        other.execute("INSERT INTO migration (number, name) VALUES (9999, '9999_tomorrow')")
        other.commit()


def remove(house: House) -> None:
    house.path.unlink()


@pytest.mark.parametrize("spoil", [truncate, scribble, overwrite, make_newer, remove])
@pytest.mark.parametrize("running", [True, False])
def test_a_copy_is_restored_whatever_state_the_database_is_in(
    house: House, copy: Path, spoil: Callable[[House], None], running: bool
) -> None:
    if not running:
        house.database.close()
    spoil(house)
    assert restore(str(house.path), str(copy)) == 1
    if running:
        with pytest.raises(Unavailable):
            house.sell(3)
        assert house.sold() == {1}
    else:
        again = House(house.path, create=False)
        assert again.sold() == {1}
        again.database.close()


def test_a_raw_copy_is_restored_with_its_log_and_left_unchanged(
    house: House, copy: Path, tmp_path: Path
) -> None:
    raw = house.left_by_a_kill(tmp_path / "raw")
    before = {file.name: file.read_bytes() for file in raw.parent.iterdir()}
    house.sell(3)
    assert restore(str(house.path), str(raw)) == 2
    assert {file.name: file.read_bytes() for file in raw.parent.iterdir()} == before
    with pytest.raises(Unavailable):
        house.sell(3)
    assert house.sold() == {1, 2}


def test_a_raw_copy_beside_the_log_of_another_file_is_refused(
    house: House, copy: Path, tmp_path: Path
) -> None:
    raw = house.left_by_a_kill(tmp_path / "raw")
    shutil.copyfile(copy, raw)
    with pytest.raises(BackupError, match="does not belong to"):
        restore(str(house.path), str(raw))
    assert house.sold() == {1, 2}


def test_a_file_that_is_not_a_copy_is_not_restored(
    house: House, copy: Path, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no database")
    (tmp_path / "half").write_bytes(copy.read_bytes()[:20000])
    (tmp_path / "link").symlink_to(house.path)
    with closing(sqlite3.connect(tmp_path / "theirs")) as theirs:
        theirs.execute("CREATE TABLE event (x)")
    for name in ("text", "half", "link", "theirs", "nothing", ".", "booking.db", "booking.db-wal"):
        with pytest.raises(BackupError):
            restore(str(house.path), str(tmp_path / name))
    house.sell(3)
    assert house.sold() == {1, 2, 3}


def test_a_missing_database_is_restored_only_by_its_whole_path(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cron").mkdir()
    monkeypatch.chdir(tmp_path / "cron")
    with pytest.raises(BackupError, match=r"There is no database .* whole path"):
        restore("booking.db", str(copy))
    assert files(tmp_path / "cron") == []
    path = tmp_path / "cron" / "booking.db"
    assert restore(str(path), str(copy)) == 1
    SqliteDatabase(str(path), create=False).close()


def test_nothing_is_replaced_while_a_program_keeps_reading(
    house: House, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.engines.database.upkeep.restore.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(house.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM booking").fetchall()
        house.sell(3)
        with pytest.raises(BackupError, match="has been reading"):
            restore(str(house.path), str(copy))
    house.sell(4)
    assert house.sold() == {1, 2, 3, 4}


def test_the_restored_file_has_the_permissions_of_the_database(house: House, copy: Path) -> None:
    house.path.chmod(0o640)
    restore(str(house.path), str(copy))
    assert house.path.stat().st_mode & 0o777 == 0o640
