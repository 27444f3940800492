"""What is on, what comes next, and what clashes: a day and a night in two rooms."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.knowledge.event import Event, Session
from bot.knowledge.localized_text import LocalizedText
from bot.knowledge.programme import Programme

ZONE = ZoneInfo("Europe/Brussels")
HALL = LocalizedText((("en", "Hall"), ("de", "Saal")))
ATTIC = LocalizedText.of("Attic")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def session(id: str, start: str, end: str | None, room: LocalizedText | None, *speakers: str) -> Session:
    return Session(id, LocalizedText.of(id), at(start), at(end) if end else None, room, speakers)


EVENT = Event(
    title=LocalizedText.of("Two days"),
    timezone=ZONE,
    languages=("en", "de"),
    sessions=(
        session("lunch", "2025-10-25T12:00", None, None),
        session("talk", "2025-10-25T10:00", "2025-10-25T11:00", HALL, "ann"),
        session("workshop", "2025-10-25T10:30", "2025-10-25T12:30", ATTIC, "bob", "ann"),
        session("open-end", "2025-10-25T11:00", None, HALL),
        session("panel", "2025-10-25T11:30", "2025-10-25T12:00", HALL, "bob"),
        session("party", "2025-10-25T22:00", "2025-10-26T04:00", HALL),
        session("breakfast", "2025-10-26T08:00", "2025-10-26T09:00", ATTIC),
    ),
)
PROGRAMME = Programme(EVENT)


def ids(sessions: tuple[Session, ...]) -> list[str]:
    return [session.id for session in sessions]


def test_sessions_are_in_chronological_order() -> None:
    expected = ["talk", "workshop", "open-end", "panel", "lunch", "party", "breakfast"]
    assert ids(PROGRAMME.sessions) == expected


def test_a_session_past_midnight_belongs_to_its_evening() -> None:
    assert {day: ids(PROGRAMME.on_day(day)) for day in PROGRAMME.days} == {
        date(2025, 10, 25): ["talk", "workshop", "open-end", "panel", "lunch", "party"],
        date(2025, 10, 26): ["breakfast"],
    }
    assert PROGRAMME.on_day(date(2025, 10, 27)) == ()


def test_rooms_are_found_in_every_language() -> None:
    assert PROGRAMME.rooms == ("Hall", "Attic")
    assert ids(PROGRAMME.in_room("Saal")) == ids(PROGRAMME.in_room("Hall")) == ["talk", "open-end", "panel", "party"]
    assert PROGRAMME.in_room("Cellar") == ()


def test_sessions_by_speaker() -> None:
    assert ids(PROGRAMME.by_speaker("ann")) == ["talk", "workshop"]
    assert PROGRAMME.by_speaker("nobody") == ()


@pytest.mark.parametrize(
    ("moment", "now", "following"),
    [
        ("2025-10-25T09:59", [], ["talk"]),
        ("2025-10-25T10:00", ["talk"], ["workshop"]),
        ("2025-10-25T10:45", ["talk", "workshop"], ["open-end"]),
        ("2025-10-25T11:00", ["workshop", "open-end"], ["panel"]),
        # Without an end, a session is over when the next one in its room begins …
        ("2025-10-25T11:30", ["workshop", "panel"], ["lunch"]),
        # … or after an hour.
        ("2025-10-25T12:59", ["lunch"], ["party"]),
        ("2025-10-25T13:00", [], ["party"]),
        # The party lasts seven hours, for the clocks go back meanwhile.
        ("2025-10-26T03:59", ["party"], ["breakfast"]),
        ("2025-10-26T04:00", [], ["breakfast"]),
        ("2025-10-26T08:00", ["breakfast"], []),
        ("2025-10-26T09:00", [], []),
    ],
)
def test_now_and_next(moment: str, now: list[str], following: list[str]) -> None:
    assert (ids(PROGRAMME.now(at(moment))), ids(PROGRAMME.next(at(moment)))) == (now, following)


def test_sessions_that_begin_together_are_next_together() -> None:
    start, end = "2025-10-25T10:00", "2025-10-25T11:00"
    sessions = tuple(session(id, start, end, None) for id in ("a", "b"))
    programme = Programme(Event(EVENT.title, ZONE, ("en",), sessions))
    assert ids(programme.next(at("2025-10-25T09:00"))) == ["a", "b"]


def test_all_that_is_yet_to_begin() -> None:
    assert ids(PROGRAMME.after(at("2025-10-25T12:00"))) == ["party", "breakfast"]


@pytest.mark.parametrize(
    ("id", "clashing"),
    [
        ("talk", ["workshop"]),
        ("workshop", ["talk", "open-end", "panel", "lunch"]),
        ("open-end", ["workshop"]),
        ("panel", ["workshop"]),
        ("lunch", ["workshop"]),
        ("party", []),
    ],
)
def test_clashes_are_overlaps_and_not_neighbours(id: str, clashing: list[str]) -> None:
    assert ids(PROGRAMME.clashes(EVENT.sessions_by_id[id])) == clashing


def test_the_hour_that_happens_twice_keeps_its_order() -> None:
    first = datetime(2025, 10, 26, 2, 40, tzinfo=ZONE)
    second = datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=ZONE)
    sessions = (
        Session("second", LocalizedText.of("Second"), second, second.replace(minute=30)),
        Session("first", LocalizedText.of("First"), first, second),
    )
    programme = Programme(Event(EVENT.title, ZONE, ("en",), sessions))
    assert ids(programme.sessions) == ["first", "second"]
    assert ids(programme.now(datetime(2025, 10, 26, 0, 50, tzinfo=UTC))) == ["first"]
    assert ids(programme.now(datetime(2025, 10, 26, 1, 15, tzinfo=UTC))) == ["second"]
