"""Registrations and the seats they take."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Seats
from bot.storage.database import DatabaseFault, Row, Transaction
from bot.storage.moments import restored, restored_if, stored

SELECT = """
    SELECT r.*, CASE r.status WHEN 'waitlisted' THEN (
        SELECT count(*) FROM registrations q WHERE q.session = r.session AND q.status = 'waitlisted'
            AND (q.arrival, q.number) <= (r.arrival, r.number)) END AS position
    FROM registrations r
"""

SEATS = """
    SELECT s.id, s.capacity,
        (SELECT count(*) FROM registrations WHERE session = s.id AND status IN ('confirmed', 'offered')) AS taken,
        (SELECT count(*) FROM registrations WHERE session = s.id AND status = 'waitlisted') AS waiting
    FROM sessions s WHERE s.capacity IS NOT NULL
"""


async def adopt_sessions(tx: Transaction, capacities: Iterable[tuple[str, int | None]]) -> None:
    """Takes over the knowledge file's sessions. A capacity that a coordinator set while running stays until the
    file's own figure changes: who spoke last is right."""
    await tx.run_many(
        """INSERT INTO sessions (id, file_capacity, capacity) VALUES (:id, :capacity, :capacity)
           ON CONFLICT (id) DO UPDATE SET file_capacity = excluded.file_capacity,
               capacity = iif(file_capacity IS excluded.file_capacity, capacity, excluded.capacity)""",
        [{"id": session, "capacity": capacity} for session, capacity in capacities],
    )


async def told(tx: Transaction) -> dict[str, str | None]:
    """What people were told last of each session, as JSON."""
    return {row["id"]: row["told"] for row in await tx.all("SELECT id, told FROM sessions ORDER BY id")}


async def note_told(tx: Transaction, session: str, told: str) -> None:
    await tx.run("UPDATE sessions SET told = ? WHERE id = ?", (told, session))


async def count_active(tx: Transaction, session: str) -> int:
    return int(
        await tx.value("SELECT count(*) FROM registrations WHERE session = ? AND status <> 'cancelled'", (session,))
    )


async def seats(tx: Transaction, session: str) -> Seats:
    """Raises LookupError for a session that takes no registrations."""
    row = await tx.first(f"{SEATS} AND s.id = ?", (session,))
    if row is None:
        raise LookupError(session)
    return Seats(row["capacity"], row["taken"], row["waiting"])


async def all_seats(tx: Transaction) -> dict[str, Seats]:
    return {row["id"]: Seats(row["capacity"], row["taken"], row["waiting"]) for row in await tx.all(SEATS)}


async def set_capacity(tx: Transaction, session: str, capacity: int) -> None:
    await tx.run("UPDATE sessions SET capacity = ? WHERE id = ?", (capacity, session))


async def add(
    tx: Transaction, person: int | None, name: str, session: str, status: Status, arrival: int, now: datetime
) -> int:
    """Writes a new registration; its number. The schema refuses a seat that is not there (sqlite3.IntegrityError)."""
    moment = stored(now)
    return await tx.insert(
        """INSERT INTO registrations (person, name, session, status, arrival, registered_at, confirmed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (person, name, session, status, arrival, moment, moment if status is Status.CONFIRMED else None),
    )


async def find(tx: Transaction, number: int) -> Registration | None:
    row = await tx.first(f"{SELECT} WHERE r.number = ?", (number,))
    return None if row is None else _registration(row)


async def active(tx: Transaction, person: int, session: str) -> Registration | None:
    """The person's registration for the session that is not cancelled."""
    row = await tx.first(
        f"{SELECT} WHERE r.person = ? AND r.session = ? AND r.status <> 'cancelled'", (person, session)
    )
    return None if row is None else _registration(row)


async def active_of(tx: Transaction, person: int) -> list[Registration]:
    rows = await tx.all(f"{SELECT} WHERE r.person = ? AND r.status <> 'cancelled' ORDER BY r.number", (person,))
    return [_registration(row) for row in rows]


async def next_in_line(tx: Transaction, session: str) -> Registration | None:
    row = await tx.first(
        f"{SELECT} WHERE r.session = ? AND r.status = 'waitlisted' ORDER BY r.arrival, r.number LIMIT 1",
        (session,),
    )
    return None if row is None else _registration(row)


async def confirm(tx: Transaction, number: int, now: datetime) -> None:
    await tx.run(
        "UPDATE registrations SET status = 'confirmed', confirmed_at = ?, offered_until = NULL WHERE number = ?",
        (stored(now), number),
    )


async def offer(tx: Transaction, number: int, until: datetime) -> None:
    await tx.run(
        "UPDATE registrations SET status = 'offered', offered_until = ? WHERE number = ?",
        (stored(until), number),
    )


async def cancel(tx: Transaction, number: int, now: datetime) -> None:
    await tx.run(
        """UPDATE registrations SET status = 'cancelled', offered_until = NULL, cancelled_at = ?,
               checked_in_at = NULL, checked_in_by = NULL WHERE number = ?""",
        (stored(now), number),
    )


async def lapsed_offers(tx: Transaction, now: datetime) -> list[Registration]:
    rows = await tx.all(f"{SELECT} WHERE r.status = 'offered' AND r.offered_until <= ?", (stored(now),))
    return [_registration(row) for row in rows]


async def check_in(tx: Transaction, number: int, coordinator: int, now: datetime) -> None:
    await tx.run(
        "UPDATE registrations SET checked_in_at = ?, checked_in_by = ? WHERE number = ? AND checked_in_at IS NULL",
        (stored(now), coordinator, number),
    )


async def undo_check_in(tx: Transaction, number: int) -> None:
    await tx.run("UPDATE registrations SET checked_in_at = NULL, checked_in_by = NULL WHERE number = ?", (number,))


async def expected(tx: Transaction) -> list[Registration]:
    """Everybody whom the door may see: all registrations that are not cancelled."""
    return [_registration(row) for row in await tx.all(f"{SELECT} WHERE r.status <> 'cancelled' ORDER BY r.number")]


async def checked_in(tx: Transaction) -> dict[str, int]:
    rows = await tx.all("SELECT session, count(checked_in_at) AS here FROM registrations GROUP BY session")
    return {row["session"]: row["here"] for row in rows}


async def statuses(tx: Transaction) -> dict[tuple[str, Status], int]:
    rows = await tx.all("SELECT session, status, count(*) AS people FROM registrations GROUP BY session, status")
    return {(row["session"], Status(row["status"])): row["people"] for row in rows}


async def everything_of(tx: Transaction, person: int, zone: ZoneInfo) -> list[dict[str, Any]]:
    """All that is kept of a person's registrations, cancelled ones too, with moments as people read them."""
    rows = await tx.all("SELECT * FROM registrations WHERE person = ? ORDER BY number", (person,))
    return [_readable(row, zone) for row in rows]


def _readable(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    kept = {name: row[name] for name in ("number", "name", "session", "status")}
    for name in ("registered_at", "confirmed_at", "offered_until", "cancelled_at", "checked_in_at"):
        moment = restored_if(row[name])
        kept[name] = None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")
    return kept


async def forget(tx: Transaction, person: int) -> None:
    await tx.run("DELETE FROM registrations WHERE person = ?", (person,))


EXPORT = """
    WITH queue AS (
        SELECT number, row_number() OVER (PARTITION BY session ORDER BY arrival, number) AS position
        FROM registrations WHERE status = 'waitlisted')
    SELECT r.number, r.person, r.name, r.session, r.status, q.position, r.registered_at, r.checked_in_at
    FROM registrations r LEFT JOIN queue q ON q.number = r.number ORDER BY r.number
"""


async def export(tx: Transaction) -> list[Row]:
    """Rows of the registrations export, in the contract's column order; moments still in milliseconds."""
    return await tx.all(EXPORT)


def export_from(connection: sqlite3.Connection) -> list[Row]:
    """The same for a read-only connection of another process. Raises DatabaseFault where the file is damaged."""
    try:
        return connection.execute(EXPORT).fetchall()
    except sqlite3.DatabaseError as error:
        raise DatabaseFault(f"the registrations cannot be read: {error}") from error


def _registration(row: Any) -> Registration:
    return Registration(
        number=row["number"],
        person=row["person"],
        name=row["name"],
        session=row["session"],
        status=Status(row["status"]),
        registered_at=restored(row["registered_at"]),
        confirmed_at=restored_if(row["confirmed_at"]),
        offered_until=restored_if(row["offered_until"]),
        checked_in_at=restored_if(row["checked_in_at"]),
        position=row["position"],
    )
