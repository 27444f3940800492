"""Figures, the export's rows, and the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from rapidfuzz import fuzz

from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Seats
from bot.storage import people, questions, registrations
from bot.storage.database import Transaction

SIMILAR = 82
"""How alike two names must be, of 100, to be offered at the door: one slip in a surname."""


@dataclass(frozen=True)
class Figures:
    seats: Mapping[str, Seats]
    checked_in: Mapping[str, int]
    people: int
    open_questions: int


async def figures(tx: Transaction) -> Figures:
    return Figures(
        await registrations.all_seats(tx),
        await registrations.checked_in(tx),
        await people.count(tx),
        len(await questions.open_ones(tx)),
    )


async def at_the_door(tx: Transaction, query: str) -> list[Registration]:
    """Who may be meant by a name or a code: by code alone where it is one, else the likest names first."""
    expected = await registrations.expected(tx)
    by_code = [each for each in expected if each.code.casefold() == query.strip().casefold()]
    if by_code:
        return by_code
    scored = [(_likeness(query, each.name), each) for each in expected]
    found = [(score, each) for score, each in scored if score >= SIMILAR]
    return [each for _, each in sorted(found, key=lambda pair: (-pair[0], pair[1].name))]


def _likeness(query: str, name: str) -> float:
    asked, parts = _folded(query), _folded(name)
    if not asked or not parts:
        return 0
    return sum(max(fuzz.ratio(word, part) for part in parts) for word in asked) / len(asked)


def _folded(name: str) -> list[str]:
    return anyascii(name).casefold().split()


async def check_in(tx: Transaction, number: int, coordinator: int, now: datetime) -> Registration | None:
    """Notes that somebody with a seat is here; a second time changes nothing. None for an unknown number."""
    registration = await registrations.find(tx, number)
    if registration is not None and registration.status is Status.CONFIRMED:
        await registrations.check_in(tx, number, coordinator, now)
    return await registrations.find(tx, number)


async def undo_check_in(tx: Transaction, number: int) -> Registration | None:
    await registrations.undo_check_in(tx, number)
    return await registrations.find(tx, number)
