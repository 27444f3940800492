"""The schema is brought up to date step by step, each step whole or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import migrations
from bot.storage.database import Database
from bot.storage.migrations import MigrationFault, apply, migrate, released, statements

NEWEST = len(released())


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "agora.db", isolation_level=None)) as connection:
        yield connection


def schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return list(connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_database_has_the_newest_schema(connection: sqlite3.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path / "agora.db")
    tables = {name for kind, name, _ in schema(connection) if kind == "table" and not name.startswith("sqlite_")}
    assert version(connection) == NEWEST
    assert tables == {
        "people",
        "sessions",
        "registrations",
        "inbox",
        "outbox",
        "broadcasts",
        "questions",
        "groups",
        "answers",
    }
    assert [each.name for each in tmp_path.iterdir()] == ["agora.db"]


def test_migrations_applied_one_by_one_make_the_schema_of_a_new_database(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    migrate(connection, tmp_path / "agora.db")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as step_by_step:
        for number, sql in released():
            apply(step_by_step, number, sql)
            assert version(step_by_step) == number
        assert schema(step_by_step) == schema(connection)


def test_every_table_is_strict(connection: sqlite3.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path / "agora.db")
    lax = [row[1] for row in connection.execute("PRAGMA table_list") if not row[5] and not row[1].startswith("sqlite_")]
    assert lax == []


def test_migrating_twice_changes_nothing(connection: sqlite3.Connection, tmp_path: Path) -> None:
    migrate(connection, tmp_path / "agora.db")
    before = schema(connection)
    migrate(connection, tmp_path / "agora.db")
    apply(connection, NEWEST, "CREATE TABLE never (x);\n")
    assert schema(connection) == before


def test_an_older_database_is_copied_before_it_is_changed(
    connection: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "agora.db"
    migrate(connection, path)
    connection.execute("INSERT INTO people (id, name) VALUES (1, 'Ada')")
    before = schema(connection)
    steps = [*released(), (NEWEST + 1, "ALTER TABLE people ADD COLUMN shoe_size INTEGER;\n")]
    monkeypatch.setattr(migrations, "released", lambda: steps)
    migrate(connection, path)
    assert version(connection) == NEWEST + 1
    assert list(connection.execute("SELECT id, name, shoe_size FROM people")) == [(1, "Ada", None)]
    with closing(sqlite3.connect(tmp_path / f"agora.db.before-{NEWEST + 1}")) as copy:
        assert (schema(copy), version(copy)) == (before, NEWEST)
        assert list(copy.execute("SELECT id, name FROM people")) == [(1, "Ada")]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE one (x);\nCREATE TABLE one (x);\n",
        "CREATE TABLE one (x);\nINSERT INTO nowhere VALUES (1);\n",
        "CREATE TABLE one (x);\nnonsense;\n",
        "CREATE TABLE one (x);\nCREATE TABLE two (\n",
    ],
)
def test_a_migration_that_fails_leaves_nothing(connection: sqlite3.Connection, sql: str) -> None:
    with pytest.raises((sqlite3.Error, ValueError)):
        apply(connection, 1, sql)
    assert (schema(connection), version(connection), connection.in_transaction) == ([], 0, False)


def test_a_migration_that_leaves_rows_referring_to_nothing_is_refused(connection: sqlite3.Connection) -> None:
    sql = (
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);\n"
        "CREATE TABLE child (parent INTEGER REFERENCES parent (id));\n"
        "INSERT INTO child VALUES (7);\n"
    )
    with pytest.raises(MigrationFault, match="migration 1 would leave rows that refer to nothing"):
        apply(connection, 1, sql)
    assert (schema(connection), version(connection)) == ([], 0)


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "agora.db"
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(MigrationFault) as refused:
        await Database.open(path)
    assert str(refused.value) == (
        f"the database {path} was written by a newer version of Agora "
        f"(its schema is 99, this program knows {NEWEST}); please update the program"
    )
    with closing(sqlite3.connect(path)) as untouched:
        assert (schema(untouched), version(untouched)) == ([], 99)


TRIGGER = """\
CREATE TRIGGER kept AFTER INSERT ON one
BEGIN
    UPDATE one SET x = 1;
    DELETE FROM two;
END;
"""


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("", []),
        ("\n\n", []),
        ("CREATE TABLE one (x);\n", ["CREATE TABLE one (x);\n"]),
        ("CREATE TABLE one (x);", ["CREATE TABLE one (x);"]),
        ("SELECT 1;\nSELECT 2;\n", ["SELECT 1;\n", "SELECT 2;\n"]),
        ("SELECT\n  1;\nSELECT 2;\n", ["SELECT\n  1;\n", "SELECT 2;\n"]),
        (TRIGGER + "SELECT 1;\n", [TRIGGER, "SELECT 1;\n"]),
        ("SELECT 'a;\nb';\nSELECT 2;\n", ["SELECT 'a;\nb';\n", "SELECT 2;\n"]),
        ("-- one; two\nSELECT 1;\n", ["-- one; two\nSELECT 1;\n"]),
        ("SELECT 1; -- why;\nSELECT 2;\n", ["SELECT 1; -- why;\n", "SELECT 2;\n"]),
        ("/* a;\nb */ SELECT 1;\n", ["/* a;\nb */ SELECT 1;\n"]),
    ],
)
def test_a_file_is_taken_apart_into_its_statements(sql: str, found: list[str]) -> None:
    assert list(statements(sql)) == found


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT 1;\nSELECT 'open;\n", TRIGGER.replace("END;", "")])
def test_half_a_statement_is_a_fault(sql: str) -> None:
    with pytest.raises(ValueError, match="ends in the middle of a statement"):
        list(statements(sql))


@pytest.mark.parametrize("last_words", ["-- the end\n", "/* the end */\n"])
def test_a_file_may_end_with_a_comment(connection: sqlite3.Connection, last_words: str) -> None:
    apply(connection, 1, f"CREATE TABLE one (x);\n{last_words}")
    assert [name for _, name, _ in schema(connection)] == ["one"]
