"""One SQLite database, one writing connection, one transaction at a time.

SQLite before 3.51.3 can, rarely, corrupt a write-ahead log that two connections checkpoint at the same instant
(https://www.sqlite.org/wal.html#walresetbug): hence exactly one writing connection, and a lock file against a
second bot. Everybody else reads through ``mode=ro``.

Short statements run right here, on the event loop's thread: they take a few microseconds, while a hop to the
driver's thread and back takes ten times as long. What waits for the disk (committing) and what touches thousands of
rows goes to that thread.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar

import aiosqlite

from bot.errors import AgoraError
from bot.storage.migrations import migrate, refuse_strangers

try:
    import fcntl
except ImportError:  # Windows has none; there the operator sees to it that one bot runs.
    fcntl = None  # type: ignore[assignment]

PATIENCE = 5.0
"""Seconds for which a transaction waits while another program holds the database."""
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
T = TypeVar("T")
Row = sqlite3.Row
Parameters = Sequence[Any] | dict[str, Any]

SetBack = sqlite3.OperationalError
"""The disk is full, the file is locked or gone: nobody's fault in particular, and worth another try."""


class StatementFault(Exception):
    """A statement that cannot be right: a bug, which no further try would mend, and no SetBack."""


class DatabaseFault(AgoraError):
    """The database cannot be opened or used."""


class Transaction:
    """What may be asked of the database while one transaction is open.

    ``has_notices`` is set by whoever queues something unsolicited, so that the caller can wake the delivery loop
    once the transaction is committed.
    """

    def __init__(self, connection: aiosqlite.Connection, direct: sqlite3.Connection) -> None:
        self._connection = connection
        self._direct = direct
        self.has_notices = False

    async def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        return self._direct.execute(sql, parameters).fetchall()

    async def all_of_many(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """``all``, for a question that looks at thousands of rows: everybody else goes on meanwhile."""
        return list(await self._connection.execute_fetchall(sql, parameters))

    async def first(self, sql: str, parameters: Parameters = ()) -> Row | None:
        row: Row | None = self._direct.execute(sql, parameters).fetchone()
        return row

    async def value(self, sql: str, parameters: Parameters = ()) -> Any:
        row = await self.first(sql, parameters)
        return None if row is None else row[0]

    async def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Executes one statement; the number of rows it changed."""
        return self._direct.execute(sql, parameters).rowcount

    async def run_on_many(self, sql: str, parameters: Parameters = ()) -> int:
        """``run``, for a statement that touches thousands of rows: everybody else goes on meanwhile."""
        cursor = await _to_the_end(self._connection.execute(sql, parameters))
        return cursor.rowcount

    async def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Executes one INSERT; the new row's number."""
        return self._direct.execute(sql, parameters).lastrowid or 0

    async def run_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        self._direct.executemany(sql, parameters)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may fail by itself: what it has done is undone when it raises, and the rest stays."""
        await self.run("SAVEPOINT attempt")
        try:
            yield
        except BaseException as error:
            # After a full disk the whole transaction may be gone, and with it the savepoint.
            with suppress(sqlite3.Error):
                await self.run("ROLLBACK TO attempt")
                await self.run("RELEASE attempt")
            _raise_told_apart(error)
        await self.run("RELEASE attempt")


def _raise_told_apart(error: BaseException) -> NoReturn:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        raise StatementFault(str(error)) from error
    raise error


class Database:
    """The bot's own connection. Open it with ``Database.open`` and close it: its thread keeps a process alive."""

    def __init__(self, connection: aiosqlite.Connection, direct: sqlite3.Connection, lock_file: TextIO | None) -> None:
        self._connection = connection
        self._direct = direct
        self._lock_file = lock_file
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path) -> "Database":
        """Opens, or makes, the database and brings its schema up to date.

        Raises DatabaseFault where the path cannot be written, the file is no database, another bot holds it, or a
        newer version of Agora wrote it.
        """
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise DatabaseFault(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or newer is needed")
        lock_file = _claim(path)
        try:
            with closing(_connect(path)) as connection:
                migrate(connection, path)
            return cls(*await _open_for_good(path), lock_file)
        except (sqlite3.Error, OSError) as error:
            _release(lock_file)
            raise DatabaseFault(f"the database {path} cannot be used: {error}") from error
        except BaseException:
            _release(lock_file)
            raise

    async def close(self) -> None:
        async with self._turn:
            await self._connection.close()
        _release(self._lock_file)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All or nothing: commits at the end of the block, rolls back when it raises or is cancelled."""
        async with self._turn:
            try:
                await self._begin()
                before = self._direct.total_changes
                yield Transaction(self._connection, self._direct)
                await self._commit(has_changes=self._direct.total_changes > before)
            except BaseException as error:
                # A failed COMMIT may have ended the transaction already; then there is nothing to roll back.
                with suppress(sqlite3.Error):
                    await _to_the_end(self._connection.execute("ROLLBACK"))
                _raise_told_apart(error)

    async def _begin(self) -> None:
        # Nobody else writes here, so there is hardly ever anybody to wait for, and never on this thread.
        until = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                self._direct.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(PATIENCE / 100)

    async def _commit(self, has_changes: bool) -> None:
        if has_changes:
            await _to_the_end(self._connection.execute("COMMIT"))
        else:
            self._direct.execute("COMMIT")  # writes nothing


async def _to_the_end(work: Awaitable[T]) -> T:
    # A statement handed to the driver's thread runs even when its caller is cancelled, so a cancelled caller
    # waits for it: else the next transaction would find this one still open.
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _open_for_good(path: Path) -> tuple[aiosqlite.Connection, sqlite3.Connection]:
    """One connection, as the driver's thread holds it and as this thread may use it while it has the turn."""
    opened: list[sqlite3.Connection] = []

    def connect() -> sqlite3.Connection:
        opened.append(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
        return opened[0]

    connection = await aiosqlite.Connection(connect, iter_chunk_size=64)
    try:
        connection.row_factory = Row
        await _configure(connection)
    except BaseException:
        # Its thread would keep the process alive for ever.
        await connection.close()
        raise
    return connection, opened[0]


async def _configure(connection: aiosqlite.Connection) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 0"):
        await connection.execute_fetchall(f"PRAGMA {pragma}")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _claim(path: Path) -> TextIO | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock_file = open(path.with_name(path.name + ".lock"), "w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise DatabaseFault(f"the database {path} cannot be written: {error.strerror or error}") from error
    if fcntl is not None:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock_file.close()
            raise DatabaseFault(f"another Agora is already running on the database {path}") from None
    return lock_file


def _release(lock_file: TextIO | None) -> None:
    if lock_file is not None:
        lock_file.close()


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for commands beside a running bot or without one.

    Raises DatabaseFault where there is no database at ``path`` yet, or something else.
    """
    if not path.exists():
        raise DatabaseFault(f"there is no database at {path} yet; it is made when the bot first runs")
    try:
        connection = sqlite3.connect(f"file:{_as_uri(path)}?mode=ro", uri=True, isolation_level=None)
        connection.row_factory = Row
        connection.execute("PRAGMA busy_timeout = 5000")
    except sqlite3.Error as error:
        raise DatabaseFault(f"the database {path} cannot be read: {error}") from error
    try:
        refuse_strangers(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise DatabaseFault(f"the database {path} cannot be read: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _as_uri(path: Path) -> str:
    return path.resolve().as_uri().removeprefix("file:")
