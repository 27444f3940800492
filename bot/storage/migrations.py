"""Numbered SQL files, applied in order, each in one transaction together with its record (``user_version``)."""

import re
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.errors import AgoraError

COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class MigrationFault(AgoraError):
    """The database's schema and this program do not fit together."""


def released() -> list[tuple[int, str]]:
    """Every migration as (number, SQL), in order."""
    found = ((NAME.fullmatch(entry.name), entry) for entry in _folder().iterdir())
    return sorted((int(match[1]), entry.read_text("utf-8")) for match, entry in found if match)


def _folder() -> Traversable:
    # The wheel carries them inside the package; in a checkout they stand beside it.
    packaged = files("bot") / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "migrations"


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Brings the schema up to date; an existing database is first copied to ``<name>.before-<version>``.

    Raises MigrationFault for a database that a newer version wrote. A failing migration leaves nothing behind.
    """
    steps = released()
    version = _version(connection)
    if not (version == 0 and _is_empty(connection)):
        refuse_strangers(connection, path)
    if 0 < version < len(steps):
        _keep_a_copy(connection, path.with_name(f"{path.name}.before-{len(steps)}"))
    for number, sql in steps[version:]:
        apply(connection, number, sql)


def refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    """Raises MigrationFault for a database that a newer version or another program made."""
    version, known = _version(connection), len(released())
    if version > known:
        raise MigrationFault(
            f"the database {path} was written by a newer version of Agora "
            f"(its schema is {version}, this program knows {known}); please update the program"
        )
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'registrations_queue'").fetchone():
        raise MigrationFault(f"{path} is not a database of Agora; say which one with DATABASE_PATH")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def apply(connection: sqlite3.Connection, number: int, sql: str) -> None:
    """Runs one migration and records it, all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) < number:
            for statement in statements(sql):
                connection.execute(statement)
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise MigrationFault(f"migration {number} would leave rows that refer to nothing")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def statements(sql: str) -> Iterator[str]:
    """The single statements; ``executescript`` would commit before it begins."""
    collected = ""
    for line in sql.splitlines(keepends=True):
        collected += line
        if sqlite3.complete_statement(collected):
            yield collected
            collected = ""
    if COMMENT.sub("", collected).strip():
        raise ValueError(f"a migration ends in the middle of a statement: {collected.strip()[:60]}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _keep_a_copy(connection: sqlite3.Connection, path: Path) -> None:
    copy = sqlite3.connect(path)
    try:
        connection.backup(copy)
    finally:
        copy.close()
