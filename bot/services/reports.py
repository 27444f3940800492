"""Figures, the export's rows, and the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from rapidfuzz.distance import OSA

from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Seats
from bot.storage import people, questions, registrations
from bot.storage.database import Transaction

LONG_WORD = 6
"""A name of so many letters may be misspelt twice, a shorter one once."""


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
    slips = [(_slips(query, each.name), each) for each in expected]
    found = [(number, each) for number, each in slips if number is not None]
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].name))]


def _slips(query: str, name: str) -> int | None:
    """How many letters differ; None where a word of the query fits no word of the name."""
    asked, parts = _folded(query), _folded(name)
    if not asked or not parts:
        return None
    nearest = [min(OSA.distance(word, part) for part in parts) for word in asked]
    fits = all(slips <= _allowed(word) for slips, word in zip(nearest, asked, strict=True))
    return sum(nearest) if fits else None


def _allowed(word: str) -> int:
    return 0 if len(word) < 3 else 1 if len(word) < LONG_WORD else 2


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
