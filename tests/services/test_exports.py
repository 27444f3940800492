"""The registrations export, row by row."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.attendance.registration import Status
from bot.services import exports
from bot.services.exports import COLUMNS
from bot.storage import registrations
from bot.storage.database import open_read_only
from tests.builders import NOON, ZONE, House, at, event, house, person, session

NOON_TEXT = "2019-10-07T12:00:00+02:00"


async def filled(home: House) -> None:
    """Three seats' worth of people: one cancelled, one offered, two waiting, one added by name and checked in."""
    await home.register(1, 2, 3, 4, 5)
    async with home.database.transaction() as tx:
        await registrations.check_in(tx, 2, 900, NOON + timedelta(hours=4, milliseconds=999))
    await home.cancel(1, 1)
    async with home.database.transaction() as tx:
        somebody = await home.people.meet(tx, person(6, 'Żółć; "Ada", 🎉'))
        await home.registrations.register(tx, somebody, "other", 1, NOON)
        await registrations.add(tx, None, "A guest", "other", Status.WAITLISTED, 2, NOON)


ROWS = [
    (1, 1, "Person 1", "talk", "cancelled", None, NOON_TEXT, None),
    (2, 2, "Person 2", "talk", "confirmed", None, NOON_TEXT, "2019-10-07T16:00:00+02:00"),
    (3, 3, "Person 3", "talk", "offered", None, NOON_TEXT, None),
    (4, 4, "Person 4", "talk", "waitlisted", 1, NOON_TEXT, None),
    (5, 5, "Person 5", "talk", "waitlisted", 2, NOON_TEXT, None),
    (6, 6, 'Żółć; "Ada", 🎉', "other", "confirmed", None, NOON_TEXT, None),
    (7, None, "A guest", "other", "waitlisted", 1, NOON_TEXT, None),
]


async def test_every_registration_is_a_row_with_the_columns_of_the_contract(tmp_path: Path) -> None:
    async with house(tmp_path, event(session(), session("other", capacity=1))) as home:
        await filled(home)
        async with home.database.transaction() as tx:
            assert exports.rows(await registrations.export(tx), ZONE) == ROWS
        with closing(open_read_only(tmp_path / "agora.db")) as beside:
            assert exports.rows(registrations.export_from(beside), ZONE) == ROWS
    with closing(open_read_only(tmp_path / "agora.db")) as without_the_bot:
        assert exports.rows(registrations.export_from(without_the_bot), ZONE) == ROWS
    assert COLUMNS == (
        "registration",
        "user_id",
        "name",
        "session",
        "status",
        "position",
        "registered_at",
        "checked_in_at",
    )


async def test_moments_carry_the_offset_of_their_own_day(tmp_path: Path) -> None:
    winter = at("2019-12-01 08:30")
    async with house(tmp_path, event(session(start=at("2019-12-24 12:00"), end=None)), winter) as home:
        await home.register(1)
        async with home.database.transaction() as tx:
            (row,) = exports.rows(await registrations.export(tx), ZONE)
    assert row[6] == "2019-12-01T08:30:00+01:00"


def test_json_has_numbers_as_numbers_and_nothing_as_null() -> None:
    assert json.loads(exports.table("json", [ROWS[3], ROWS[6]])) == [
        dict(zip(COLUMNS, row, strict=True)) for row in (ROWS[3], ROWS[6])
    ]


@pytest.mark.parametrize(("kind", "start"), [("csv", COLUMNS[0].encode()), ("json", b"["), ("xlsx", b"PK")])
def test_an_event_without_registrations_is_exported_too(kind: str, start: bytes) -> None:
    assert exports.table(kind, []).lstrip(b"\xef\xbb\xbf").startswith(start)


def test_another_format_is_not_known() -> None:
    with pytest.raises(KeyError):
        exports.table("pdf", [])
