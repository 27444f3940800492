"""What the database refuses by itself, whoever writes to it and however."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.migrations import migrate

FULL = "session is full"
ONCE = "UNIQUE constraint failed"
UNKNOWN = "FOREIGN KEY constraint failed"
RULES = "CHECK constraint failed"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A session of two seats that are taken, one of one seat that is free, and somebody who waits."""
    with closing(sqlite3.connect(tmp_path / "agora.db", isolation_level=None)) as connection:
        migrate(connection, tmp_path / "agora.db")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executemany(
            "INSERT INTO sessions (id, file_capacity, capacity) VALUES (?, ?, ?)",
            [("full", 2, 2), ("free", 1, 1), ("open-door", None, None)],
        )
        connection.executemany("INSERT INTO people (id, name) VALUES (?, 'Somebody')", [(id,) for id in range(1, 10)])
        for person, status in ((1, "confirmed"), (2, "offered"), (3, "waitlisted"), (4, "cancelled")):
            register(connection, person, "full", status)
        yield connection


def register(
    connection: sqlite3.Connection, person: int | None, session: str, status: str, admitted_by: int | None = None
) -> None:
    connection.execute(
        "INSERT INTO registrations (person, name, session, status, arrival, registered_at, confirmed_at,"
        " offered_until, admitted_by) VALUES (?, 'Somebody', ?, ?, 1, 0, ?, ?, ?)",
        (
            person,
            session,
            status,
            0 if status == "confirmed" else None,
            1 if status == "offered" else None,
            admitted_by,
        ),
    )


def statuses(connection: sqlite3.Connection, session: str = "full") -> list[str]:
    rows = connection.execute("SELECT status FROM registrations WHERE session = ? ORDER BY number", (session,))
    return [status for (status,) in rows]


BEFORE = ["confirmed", "offered", "waitlisted", "cancelled"]


@pytest.mark.parametrize(
    ("person", "session", "status", "message"),
    [
        (5, "full", "confirmed", FULL),
        (5, "full", "offered", FULL),
        (None, "full", "confirmed", FULL),
        # A session without a number of seats has none to give, and neither has one that nobody knows.
        (5, "open-door", "confirmed", FULL),
        (5, "unknown", "confirmed", FULL),
        (5, "unknown", "waitlisted", UNKNOWN),
        (77, "free", "confirmed", UNKNOWN),
        (1, "full", "waitlisted", ONCE),
        (3, "full", "waitlisted", ONCE),
        (5, "free", "maybe", RULES),
    ],
)
def test_a_registration_that_breaks_the_rules_is_not_written(
    connection: sqlite3.Connection, person: int | None, session: str, status: str, message: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=message):
        register(connection, person, session, status)
    assert (statuses(connection), statuses(connection, "free")) == (BEFORE, [])


@pytest.mark.parametrize(
    ("person", "session", "status", "admitted_by"),
    [
        (5, "free", "confirmed", None),
        (5, "free", "offered", None),
        (5, "full", "waitlisted", None),
        (5, "full", "cancelled", None),
        (4, "full", "waitlisted", None),
        (1, "full", "cancelled", None),
        (5, "full", "confirmed", 900),
        (None, "full", "confirmed", 900),
    ],
)
def test_a_registration_within_the_rules_is_written(
    connection: sqlite3.Connection, person: int | None, session: str, status: str, admitted_by: int | None
) -> None:
    register(connection, person, session, status, admitted_by)
    assert statuses(connection, session)[-1] == status


def test_people_without_an_account_may_be_several(connection: sqlite3.Connection) -> None:
    register(connection, None, "full", "waitlisted")
    register(connection, None, "full", "waitlisted")
    assert statuses(connection) == [*BEFORE, "waitlisted", "waitlisted"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("status = 'confirmed', confirmed_at = 1 WHERE person = 3", FULL),
        ("status = 'offered', offered_until = 1 WHERE person = 3", FULL),
        ("status = 'confirmed', confirmed_at = 1 WHERE person = 4", FULL),
        ("status = 'offered' WHERE person = 3", f"{FULL}|{RULES}"),
        ("status = 'waitlisted' WHERE person = 2", RULES),
        ("status = 'confirmed', offered_until = NULL WHERE person = 2", RULES),
        ("session = 'unknown' WHERE person = 1", FULL),
        ("person = 1, status = 'waitlisted' WHERE person = 4", ONCE),
    ],
)
def test_a_change_that_breaks_the_rules_is_not_written(
    connection: sqlite3.Connection, change: str, message: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=message):
        connection.execute(f"UPDATE registrations SET {change}")
    assert statuses(connection) == BEFORE


def test_nobody_moves_into_a_session_that_is_full(connection: sqlite3.Connection) -> None:
    register(connection, 5, "free", "confirmed")
    with pytest.raises(sqlite3.IntegrityError, match=FULL):
        connection.execute("UPDATE registrations SET session = 'full' WHERE person = 5")
    assert statuses(connection, "free") == ["confirmed"]


def test_many_seats_taken_at_once_are_counted_one_by_one(connection: sqlite3.Connection) -> None:
    for person in (5, 6):
        register(connection, person, "free", "waitlisted")
    with pytest.raises(sqlite3.IntegrityError, match=FULL):
        connection.execute("UPDATE registrations SET status = 'confirmed', confirmed_at = 1 WHERE session = 'free'")
    assert statuses(connection, "free") == ["waitlisted", "waitlisted"]


@pytest.mark.parametrize(
    "change",
    [
        "status = 'confirmed', confirmed_at = 1, offered_until = NULL WHERE person = 2",
        "status = 'cancelled', offered_until = NULL WHERE person = 2",
        "status = 'confirmed', confirmed_at = 1, admitted_by = 900 WHERE person = 3",
        "checked_in_at = 1 WHERE person = 1",
    ],
)
def test_a_change_within_the_rules_is_written(connection: sqlite3.Connection, change: str) -> None:
    assert connection.execute(f"UPDATE registrations SET {change}").rowcount == 1


def test_a_lower_capacity_takes_nobodys_seat_away_and_gives_none_out(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE sessions SET capacity = 0 WHERE id = 'full'")
    assert statuses(connection) == BEFORE
    connection.execute("UPDATE registrations SET checked_in_at = 1 WHERE person = 1")
    connection.execute("UPDATE registrations SET status = 'cancelled' WHERE person = 1")
    with pytest.raises(sqlite3.IntegrityError, match=FULL):
        connection.execute("UPDATE registrations SET status = 'confirmed', confirmed_at = 1 WHERE person = 3")
    assert statuses(connection) == ["cancelled", "offered", "waitlisted", "cancelled"]


@pytest.mark.parametrize("capacity", [-1, "'many'", 1.5])
def test_a_capacity_is_a_whole_number_from_nought(connection: sqlite3.Connection, capacity: object) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"UPDATE sessions SET capacity = {capacity} WHERE id = 'full'")


def test_a_number_is_never_used_again(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM registrations")
    register(connection, 1, "full", "confirmed")
    assert list(connection.execute("SELECT number FROM registrations")) == [(5,)]


def test_a_person_with_registrations_cannot_vanish(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=UNKNOWN):
        connection.execute("DELETE FROM people WHERE id = 1")
