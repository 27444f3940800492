"""A copy of a database that is in use."""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from bot.storage.database import DatabaseFault, open_read_only


def copy_database(source: Path, target: Path) -> None:
    """Writes a consistent copy to ``target``; what was there is replaced only once the copy is whole.

    Raises DatabaseFault where there is nothing to copy, the target cannot be written, or it is the source itself.
    """
    if target.resolve() in _files_of(source):
        raise DatabaseFault(f"{target} belongs to the database itself; choose another file for the copy")
    if not target.resolve().parent.is_dir():
        raise DatabaseFault(f"the copy {target} cannot be written: there is no folder {target.resolve().parent}")
    with closing(open_read_only(source)) as connection:
        try:
            _copy(connection, target)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseFault(f"the copy {target} cannot be written: {error}") from error


def _files_of(database: Path) -> set[Path]:
    """The database and what SQLite and the bot keep beside it; writing over any of them would destroy it."""
    whole = database.resolve()
    return {whole.with_name(whole.name + suffix) for suffix in ("", "-wal", "-shm", "-journal", ".lock")}


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            connection.backup(copy)
            # One file instead of three: a backup is carried elsewhere.
            copy.execute("PRAGMA journal_mode = DELETE")
        _to_disk(unfinished)
        unfinished.replace(target)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
