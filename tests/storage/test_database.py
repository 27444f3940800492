"""Transactions are all or nothing, whatever interrupts them; and one bot holds a database at a time."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.storage import database as module
from bot.storage.database import Database, DatabaseFault, StatementFault, Transaction, open_read_only
from tests.builders import opened

INSERT = "INSERT INTO groups (id, greeted_at) VALUES (?, 0)"


async def groups(database: Database) -> list[int]:
    async with database.transaction() as tx:
        return [row["id"] for row in await tx.all("SELECT id FROM groups ORDER BY id")]


async def write(database: Database, *ids: int) -> None:
    async with database.transaction() as tx:
        for id in ids:
            await tx.run_on_many(INSERT, (id,))


async def test_what_was_written_is_there_and_stays_there(tmp_path: Path) -> None:
    async with opened(tmp_path / "agora.db") as database:
        await write(database, 1, 2)
    async with opened(tmp_path / "agora.db") as database:
        assert await groups(database) == [1, 2]


async def test_a_database_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "some" / "new folder" / "agora ?#%41.db"
    async with opened(path) as database:
        await write(database, 1)
    assert path.exists()
    with closing(open_read_only(path)) as connection:
        assert [tuple(row) for row in connection.execute("SELECT id FROM groups")] == [(1,)]


async def test_everything_is_on_disk_before_a_transaction_ends(database: Database) -> None:
    async with database.transaction() as tx:
        pragmas = [await tx.value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert pragmas == ["wal", 2, 1]


@pytest.mark.parametrize("error", [ValueError, sqlite3.IntegrityError, asyncio.CancelledError, KeyboardInterrupt])
async def test_an_error_in_the_middle_undoes_all_of_it(database: Database, error: type[BaseException]) -> None:
    async def half_done() -> None:
        async with database.transaction() as tx:
            await tx.run(INSERT, (1,))
            raise error

    with pytest.raises(error):
        await half_done()
    assert await groups(database) == []
    await write(database, 2)
    assert await groups(database) == [2]


async def test_a_statement_that_fails_undoes_those_before_it(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await write(database, 1, 2, 1)
    assert await groups(database) == []


@asynccontextmanager
async def held_in(database: Database, statement: str) -> AsyncIterator[tuple[asyncio.Event, threading.Event]]:
    """Holds the driver's thread when it comes to the statement: (it has come there, let it go on)."""
    loop, reached, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def hold(sql: str) -> None:
        if sql.startswith(statement) and not go_on.is_set():
            loop.call_soon_threadsafe(reached.set)
            go_on.wait(10)

    await database._connection.set_trace_callback(hold)
    try:
        yield reached, go_on
    finally:
        go_on.set()
        await database._connection.set_trace_callback(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("cancellations", [1, 2, 3])
@pytest.mark.parametrize(("statement", "kept"), [("INSERT", []), ("COMMIT", [1, 2])], ids=["body", "commit"])
async def test_cancelled_in_the_middle_of_a_statement_it_is_still_all_or_nothing(
    database: Database, statement: str, kept: list[int], cancellations: int
) -> None:
    async with held_in(database, statement) as (reached, go_on):
        task = asyncio.create_task(write(database, 1, 2))
        await reached.wait()
        for _ in range(cancellations):
            task.cancel()
            await asyncio.sleep(0)
        following = asyncio.create_task(write(database, 3))
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        await following
    assert await groups(database) == [*kept, 3]


async def test_cancelled_between_two_statements_nothing_is_kept(database: Database) -> None:
    async def dawdle() -> None:
        async with database.transaction() as tx:
            await tx.run(INSERT, (1,))
            began.set()
            await asyncio.sleep(60)

    began = asyncio.Event()
    task = asyncio.create_task(dawdle())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await groups(database) == []


async def test_whoever_is_cancelled_while_waiting_for_their_turn_takes_nobody_elses(database: Database) -> None:
    async with database.transaction() as tx:
        waiting = asyncio.create_task(write(database, 1))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await tx.run(INSERT, (2,))
    assert await groups(database) == [2]


async def test_concurrent_users_take_turns(database: Database) -> None:
    async def count_up() -> None:
        async with database.transaction() as tx:
            before = await tx.value("SELECT greeted_at FROM groups")
            await asyncio.sleep(0)
            await tx.run("UPDATE groups SET greeted_at = ?", (before + 1,))

    await write(database, 1)
    await asyncio.gather(*(count_up() for _ in range(25)))
    async with database.transaction() as tx:
        assert await tx.value("SELECT greeted_at FROM groups") == 25


async def test_a_second_bot_on_the_same_database_is_refused_until_the_first_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "agora.db"
    async with opened(path):
        with pytest.raises(DatabaseFault) as refused:
            await Database.open(path)
        assert str(refused.value) == f"another Agora is already running on the database {path}"
    async with opened(path) as database:
        assert await groups(database) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"These are my holiday plans, and no database.\n" * 50, "file is not a database"),
        (b"\x00" * 4096, "file is not a database"),
    ],
)
async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "agora.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseFault) as refused:
        await Database.open(path)
    assert str(refused.value) == f"the database {path} cannot be used: {fault}"
    assert path.read_bytes() == content
    path.unlink()
    async with opened(path) as database:
        assert await groups(database) == []


async def test_a_path_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    path = tmp_path / "file" / "agora.db"
    with pytest.raises(DatabaseFault) as refused:
        await Database.open(path)
    assert str(refused.value) in (
        f"the database {path} cannot be written: File exists",
        f"the database {path} cannot be written: Not a directory",
    )


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(DatabaseFault) as refused:
        await Database.open(path)
    assert str(refused.value) == f"the database {path} cannot be used: unable to open database file"


async def test_a_database_that_cannot_be_set_up_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a restored copy is read by somebody else at that moment: it cannot be put into its mode."""

    async def locked(_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    path, threads = tmp_path / "agora.db", threading.active_count()
    with monkeypatch.context() as patched:
        patched.setattr(module, "_configure", locked)
        with pytest.raises(DatabaseFault) as refused:
            await Database.open(path)
    assert str(refused.value) == f"the database {path} cannot be used: database is locked"
    async with asyncio.timeout(5):
        while threading.active_count() > threads:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    async with opened(path) as database:
        assert await groups(database) == []


async def test_a_reader_beside_the_bot_sees_what_is_committed_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "agora.db"
    async with opened(path) as database:
        await write(database, 1)
        with closing(open_read_only(path)) as reader:
            async with database.transaction() as tx:
                await tx.run(INSERT, (2,))
                assert [row["id"] for row in reader.execute("SELECT id FROM groups")] == [1]
            assert [row["id"] for row in reader.execute("SELECT id FROM groups")] == [1, 2]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.execute(INSERT, (3,))
    with closing(open_read_only(path)) as reader:
        assert [row["id"] for row in reader.execute("SELECT id FROM groups")] == [1, 2]


def test_a_reader_says_when_there_is_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "agora.db"
    with pytest.raises(DatabaseFault) as refused:
        open_read_only(path)
    assert str(refused.value) == f"there is no database at {path} yet; it is made when the bot first runs"
    assert not path.exists()


@pytest.mark.parametrize("content", [b"holiday plans" * 100, None])
def test_a_reader_says_when_it_is_something_else(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "agora.db"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(DatabaseFault, match=f"the database {path} cannot be read: "):
        open_read_only(path)


async def test_a_transaction_knows_whether_it_queued_something_unsolicited(database: Database) -> None:
    async with database.transaction() as tx:
        assert isinstance(tx, Transaction)
        assert not tx.has_notices


async def test_a_statement_that_cannot_be_right_is_a_bug_and_no_reason_to_try_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "agora.db") as database:
        with pytest.raises(module.StatementFault, match="no such table: nowhere"):
            async with database.transaction() as tx:
                await tx.all("SELECT * FROM nowhere")
        assert not issubclass(module.StatementFault, module.SetBack)
        assert await groups(database) == []


async def test_an_attempt_that_fails_is_undone_and_the_rest_stays(database: Database) -> None:
    async def fail(tx: Transaction, error: Exception) -> None:
        async with tx.attempt():
            await tx.run(INSERT, (2,))
            raise error

    async with database.transaction() as tx:
        async with tx.attempt():
            await tx.run(INSERT, (1,))
        with pytest.raises(ValueError, match="a bug"):
            await fail(tx, ValueError("a bug"))
        async with tx.attempt():
            await tx.run(INSERT, (3,))
    assert await groups(database) == [1, 3]


async def test_in_an_attempt_too_a_statement_that_cannot_be_right_is_no_set_back(database: Database) -> None:
    async def nonsense(tx: Transaction) -> None:
        async with tx.attempt():
            await tx.run("SELECT nothing FROM nowhere")

    async with database.transaction() as tx:
        with pytest.raises(StatementFault):
            await nonsense(tx)


async def test_what_touches_many_rows_is_part_of_the_same_transaction(database: Database) -> None:
    await write(database, 1)
    async with database.transaction() as tx:
        await tx.run(INSERT, (2,))
        assert await tx.run_on_many("UPDATE groups SET greeted_at = 5") == 2
        assert [tuple(row) for row in await tx.all_of_many("SELECT greeted_at FROM groups")] == [(5,), (5,)]


@pytest.mark.parametrize("patience", [5.0, 0.1])
async def test_while_another_program_holds_the_database_a_transaction_waits_for_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr(module, "PATIENCE", patience)
    await write(database, 1)
    with closing(sqlite3.connect(path_of(database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        waiting = asyncio.create_task(write(database, 2))
        await asyncio.sleep(0.3)
        other.execute("COMMIT")
    if patience < 1:
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            await waiting
    await asyncio.wait([waiting])
    await write(database, 3)
    assert await groups(database) == ([1, 3] if patience < 1 else [1, 2, 3])


async def test_cancelled_while_it_waits_for_another_program_it_changes_nothing(database: Database) -> None:
    with closing(sqlite3.connect(path_of(database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        waiting = asyncio.create_task(write(database, 1))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        other.execute("COMMIT")
    await write(database, 2)
    assert await groups(database) == [2]


def path_of(database: Database) -> str:
    return str(database._direct.execute("PRAGMA database_list").fetchone()["file"])
