"""Programmes of other programs: each sample beside it as the knowledge file that it should become."""

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.interchange.assembly import Imported
from bot.interchange.foreign import SourceFault
from bot.interchange.frab_json import parse_length
from bot.interchange.importing import import_file, import_programme
from bot.knowledge.loader import load_event, parse_event
from bot.knowledge.writer import write_event

SAMPLES = Path(__file__).parent / "samples"
NAMES = ("calendar.ics", "frab.xml", "pretalx.xml", "schedule.json")
NO_ZONE = (
    "the source names no time zone: its times are written in {}. "
    "Set event.timezone to the event's own, such as Europe/Brussels, and check the times"
)


def imported(programme: object) -> Imported:
    return import_programme(json.dumps({"schedule": {"conference": programme}}).encode(), "s.json")


def talk(**fields: object) -> dict[str, object]:
    return {"title": "T", "date": "2024-07-01T09:30:00+02:00", "duration": "00:30", "language": "en"} | fields


def talks(*items: object) -> dict[str, object]:
    return {"title": "C", "time_zone_name": "Europe/Berlin", "days": [{"rooms": {"R": list(items)}}]}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_becomes_the_knowledge_file_beside_it(name: str) -> None:
    expected = (SAMPLES / name).with_suffix(".yaml")
    event = import_file(SAMPLES / name).event
    assert write_event(event) == expected.read_text("utf-8")
    assert event == load_event(expected)


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        (
            "calendar.ics",
            (
                "“Floating” repeats: only its first time is taken",
                "“Excursion” lasts all day: left out",
                "“Broken” has no readable start: left out",
                "“Called off” is cancelled: left out",
                "“Far away” is in a time zone that nobody knows: its time is taken for the event's own",
                "the id “two” is there more than once: “Far away” is two-2",
            ),
        ),
        (
            "frab.xml",
            (
                "“After midnight” has no readable duration: its end is left out",
                NO_ZONE.format("UTC"),
                "the source does not say its language: event.languages is [en] for now",
            ),
        ),
        (
            "pretalx.xml",
            (
                "“Never placed” has no readable start: left out",
                "a session on 2025-10-25 at 18:00 has no title: left out",
                "the id “11” is there more than once: “Opening, repeated” is session-11-2",
            ),
        ),
        ("schedule.json", (NO_ZONE.format("Etc/GMT-2"),)),
    ],
)
def test_what_was_guessed_or_left_out_is_said(name: str, warnings: tuple[str, ...]) -> None:
    assert import_file(SAMPLES / name).warnings == warnings


def test_people_of_a_calendar_are_not_taken_for_speakers() -> None:
    source = (SAMPLES / "calendar.ics").read_text("utf-8")
    written = write_event(import_file(SAMPLES / "calendar.ics").event)
    assert "Secret" in source
    assert "Secret" not in written


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:50", 50),
        ("1:30", 90),
        ("1:30:00", 90),
        ("0:50:00", 50),
        ("1:00:00", 60),
        ("1:02:30", 24 * 60 + 150),
        ("135.0:00", 135),
        ("2.0:15", 135),
        ("45", 45),
        ("24:00", 1440),
        ("", None),
        ("long", None),
        ("-1:00", None),
        ("1:2:3:4", None),
        ("٣:٠٠", None),
    ],
)
def test_durations(text: str, minutes: int | None) -> None:
    assert parse_length(text) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("offset", "zone"),
    [("+02:00", "Etc/GMT-2"), ("-05:00", "Etc/GMT+5"), ("+00:00", "UTC"), ("+05:30", "UTC"), ("", "UTC")],
)
def test_a_missing_time_zone_is_taken_from_the_offsets(offset: str, zone: str) -> None:
    programme = talks(talk(date=f"2024-07-01T09:30:00{offset}")) | {"time_zone_name": ""}
    result = imported(programme)
    assert (result.event.timezone.key, result.warnings) == (zone, (NO_ZONE.format(zone),))


def test_an_unknown_time_zone_is_named() -> None:
    result = imported(talks(talk()) | {"time_zone_name": "Berlin"})
    assert result.warnings == ("“Berlin” is no known time zone", NO_ZONE.format("Etc/GMT-2"))


def calendar(*starts: str, name: str = "") -> bytes:
    events = [f"BEGIN:VEVENT\nUID:{i}\nSUMMARY:S\nDTSTART{start}\nEND:VEVENT" for i, start in enumerate(starts)]
    head = f"X-WR-TIMEZONE:{name}\n" if name else ""
    return "\n".join(["BEGIN:VCALENDAR", head + "\n".join(events), "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize(
    ("data", "zone", "local"),
    [
        (calendar(":20250701T100000Z", name="Europe/Lisbon"), "Europe/Lisbon", "11:00"),
        (calendar(":20250701T100000", name="Europe/Lisbon"), "Europe/Lisbon", "10:00"),
        (calendar(";TZID=Romance Standard Time:20250701T100000"), "Europe/Paris", "10:00"),
        (calendar(":20250701T100000Z", ";TZID=Asia/Tokyo:20250702T100000"), "Asia/Tokyo", "19:00"),
        (calendar(":20250701T100000Z"), "UTC", "10:00"),
        (calendar(":20250701T100000"), "UTC", "10:00"),
        (calendar(":20250330T023000", name="Europe/Brussels"), "Europe/Brussels", "03:30"),
    ],
)
def test_the_zone_of_a_calendar_is_its_own_or_that_of_its_sessions(data: bytes, zone: str, local: str) -> None:
    event = import_programme(data, "c.ics").event
    assert (event.timezone.key, f"{event.sessions[0].start:%H:%M}") == (zone, local)
    assert parse_event(write_event(event)) == event


def test_moments_out_of_all_reason_are_left_out() -> None:
    far = [talk(date="0001-01-01T00:00:00+14:00"), talk(date="9999-12-31T23:59:59-12:00"), talk(duration="9999:00")]
    result = imported(talks(*far))
    assert [(session.id, session.end) for session in result.event.sessions] == [("t", None)]
    assert result.warnings == (
        "“T” is in the year 1: left out",
        "“T” is in the year 9999: left out",
        "“T” would last over a month: its end is left out",
    )


def test_ids_come_from_the_source_and_stay_when_the_order_changes() -> None:
    items = [
        talk(id=12, title="Number"),
        talk(id="QWE_rty", title="Code"),
        talk(guid="AB-1", title="Guid"),
        talk(slug="", title="Žodis & co."),
        talk(title="你好"),
        talk(title="!!!"),
    ]
    expected = {
        "Number": "session-12",
        "Code": "qwe-rty",
        "Guid": "ab-1",
        "Žodis & co.": "zodis-co",
        "你好": "nihao",
        "!!!": "session",
    }
    for order in (items, items[::-1]):
        event = imported(talks(*order)).event
        assert {session.title.default: session.id for session in event.sessions} == expected


def test_a_person_is_one_speaker_in_all_sessions() -> None:
    people = [{"id": 1, "name": "Ann Bo"}, {"id": 1, "name": "Ann Bo"}, "Ann Bo", {"name": " "}, 7, None]
    event = imported(talks(talk(id=1, persons=people), talk(id=2, persons=["ann bo"]))).event
    assert [session.speakers for session in event.sessions] == [("ann-bo", "ann-bo-2"), ("ann-bo-2",)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "s: this is not a schedule.xml or schedule.json of frab or pretalx, or an iCalendar file"),
        (b"hello", "s: this is not a schedule.xml or schedule.json of frab or pretalx, or an iCalendar file"),
        (b"<schedule>\n<day>", "s, line 2: this is not valid XML"),
        (b"<html/>", "s: this XML is no frab schedule, for it begins with <html>"),
        (b"<?xml version='1.0' encoding='klingon'?><schedule/>", "s: the encoding of this XML is not known"),
        (b"<schedule/>", "s: there is no session in it with a title and a start"),
        (b"{\n1", "s, line 2: this is not valid JSON"),
        (b'{"a": "\xff"}', "s: this is not valid JSON in UTF-8"),
        (b"[" * 100_000, "s: this is not valid JSON in UTF-8"),
        (b"[]", "s: this JSON is no frab schedule, for it has no schedule.conference"),
        (b"BEGIN:VCALENDAR\nx", "s: this is not a valid iCalendar file"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "s: there is no session in it with a title and a start"),
        (b"BEGIN:VCALENDAR\n\xff", "s: this calendar is not in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(data: bytes, message: str) -> None:
    with pytest.raises(SourceFault) as caught:
        import_programme(data, "s")
    assert str(caught.value) == message


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceFault) as caught:
        import_file(tmp_path / "none.ics")
    assert str(caught.value) == f"{tmp_path / 'none.ics'}: there is no such file"


def test_entities_that_multiply_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE schedule [<!ENTITY e0 "ha">{entities}]><schedule>&e11;</schedule>'
    with pytest.raises(SourceFault):
        import_programme(bomb.encode(), "s")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["09:30", "en"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "en", "id"]), inner),
    max_leaves=4,
)
_FIELDS = (
    "id",
    "guid",
    "slug",
    "title",
    "date",
    "start",
    "duration",
    "room",
    "track",
    "persons",
    "abstract",
    "language",
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(_FIELDS), _json), max_size=3), _json)
def test_whatever_a_schedule_says_the_result_is_a_sound_file(events: list[dict[str, object]], odd: object) -> None:
    event = imported(talks(talk(), *(talk(**fields) for fields in events)) | {"venue": odd, "title": odd}).event
    assert parse_event(write_event(event)) == event


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0), st.integers(0, 30), st.binary(max_size=8))
def test_a_damaged_file_is_read_or_refused_with_a_message(name: str, at: int, cut: int, junk: bytes) -> None:
    data = (SAMPLES / name).read_bytes()
    at %= len(data)
    with suppress(SourceFault):
        event = import_programme(data[:at] + junk + data[at + cut :], name).event
        assert parse_event(write_event(event)) == event
