"""A copy of the database is whole, whatever is written meanwhile."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.backup import copy_database
from bot.storage.database import Database, DatabaseFault
from tests.builders import opened


async def write_pairs(database: Database, enough: asyncio.Event) -> int:
    """Two rows a transaction, until it is enough; how many transactions."""
    pairs = 0
    while not enough.is_set():
        async with database.transaction() as tx:
            for sign in (1, -1):
                await tx.run("INSERT INTO groups VALUES (?, 0)", (sign * (pairs + 1),))
        pairs += 1
    return pairs


def contents(path: Path) -> tuple[str, str, int, int]:
    with closing(sqlite3.connect(path)) as copy:
        (sound,) = copy.execute("PRAGMA integrity_check").fetchone()
        (mode,) = copy.execute("PRAGMA journal_mode").fetchone()
        rows, total = copy.execute("SELECT count(*), coalesce(sum(id), 0) FROM groups").fetchone()
    return sound, mode, rows, total


async def test_copies_made_while_the_bot_writes_hold_whole_transactions_only(tmp_path: Path) -> None:
    async with opened(tmp_path / "agora.db") as database:
        enough = asyncio.Event()
        writer = asyncio.create_task(write_pairs(database, enough))
        copied = []
        for number in range(5):
            await asyncio.to_thread(copy_database, tmp_path / "agora.db", tmp_path / f"copy-{number}.db")
            copied.append(contents(tmp_path / f"copy-{number}.db"))
        enough.set()
        pairs = await writer
    assert {(sound, mode, total) for sound, mode, _, total in copied} == {("ok", "delete", 0)}
    counts = [rows for _, _, rows, _ in copied]
    assert counts == sorted(counts)
    assert all(rows % 2 == 0 for rows in counts)
    assert counts[-1] <= 2 * pairs


async def test_a_copy_can_be_opened_in_place_of_the_original(tmp_path: Path) -> None:
    async with opened(tmp_path / "agora.db") as database, database.transaction() as tx:
        await tx.run("INSERT INTO groups VALUES (1, 0)")
    copy_database(tmp_path / "agora.db", tmp_path / "copy.db")
    async with opened(tmp_path / "copy.db") as database, database.transaction() as tx:
        assert await tx.value("SELECT id FROM groups") == 1


async def test_an_older_copy_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    target = tmp_path / "copies" / "agora.db"
    target.write_text("an older copy", "utf-8")
    async with opened(tmp_path / "agora.db"):
        copy_database(tmp_path / "agora.db", target)
    assert contents(target) == ("ok", "delete", 0, 0)
    assert list(target.parent.iterdir()) == [target]


async def test_where_the_copy_fails_the_older_one_stays(tmp_path: Path) -> None:
    source, target = tmp_path / "agora.db", tmp_path / "copy.db"
    target.write_text("an older copy", "utf-8")
    source.write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseFault, match=f"the database {source} cannot be read: "):
        copy_database(source, target)
    assert target.read_text("utf-8") == "an older copy"
    assert sorted(tmp_path.iterdir()) == [source, target]


async def test_the_database_is_not_copied_onto_itself(tmp_path: Path) -> None:
    source, link = tmp_path / "agora.db", tmp_path / "link.db"
    async with opened(source):
        link.symlink_to(source)
        for target in (source, link):
            with pytest.raises(DatabaseFault, match=f"{target} belongs to the database itself; choose another file"):
                copy_database(source, target)


async def test_a_copy_that_cannot_be_written_is_one_clear_fault(tmp_path: Path) -> None:
    async with opened(tmp_path / "agora.db"):
        target = tmp_path / "nowhere" / "copy.db"
        with pytest.raises(DatabaseFault, match=f"the copy {target} cannot be written: "):
            copy_database(tmp_path / "agora.db", target)


def test_without_a_database_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFault, match=r"there is no database at .* yet"):
        copy_database(tmp_path / "agora.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
