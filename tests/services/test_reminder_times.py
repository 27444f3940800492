"""Reminders in every zone, over changes of the clocks and restarts: each once, in its time, to those with a seat."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.attendance.reminders import OWN, USEFUL_AFTERWARDS, Reminder, own_schedule, schedule
from bot.knowledge.event import Event, ReminderRule
from bot.services.reminders import Reminders
from bot.storage import people
from tests.builders import House, event, house, person, session

MINUTE = timedelta(minutes=1)
ZONES = sorted(
    {"Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Asia/Gaza", "Pacific/Chatham", "UTC"}
    | {name for name in available_timezones() if name.startswith(("Europe/", "America/"))}
)
"""Changes by half an hour, two about Ramadan, odd offsets, decrees of the year, none; and many more."""
YEARS = (2019, 2029)


@cache
def changes_of(zone: ZoneInfo, year: int) -> list[datetime]:
    """The hours of a year, in UTC, in which the zone's clocks change."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(366 * 24)]
    days = [(day, day + timedelta(days=1)) for day in hours[::24]]
    changed = [(first, last) for first, last in days if offset(first, zone) != offset(last, zone)]
    return [
        hour
        for first, last in changed
        for hour in (first + timedelta(hours=number) for number in range(int((last - first) / timedelta(hours=1))))
        if offset(hour, zone) != offset(hour + timedelta(hours=1), zone)
    ]


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    """A start in some zone, most often within three days of a change of its clocks."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    year = draw(st.sampled_from(YEARS))
    around = draw(st.sampled_from(changes_of(zone, year) or [datetime(year, 6, 1, tzinfo=UTC)]))
    minutes = draw(st.integers(-3 * 24 * 60, 3 * 24 * 60))
    return (around + minutes * MINUTE).astimezone(zone)


lengths = st.one_of(
    st.sampled_from([timedelta(days=1), timedelta(days=2), timedelta(hours=1), timedelta(hours=25), 10 * MINUTE]),
    st.integers(1, 4 * 24 * 60).map(lambda minutes: minutes * MINUTE),
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    start = draw(starts())
    length = draw(st.one_of(st.none(), st.integers(1, 600).map(lambda minutes: minutes * MINUTE)))
    end = None if length is None else (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    before = [ReminderRule(f"before-{number}", before=each) for number, each in enumerate(draw(st.sets(lengths)))]
    after = [ReminderRule(f"after-{number}", after=each) for number, each in enumerate(draw(st.sets(lengths)))]
    zone = start.tzinfo
    assert isinstance(zone, ZoneInfo)
    return event(session(start=start, end=end, capacity=10), timezone=zone, reminders=[*before[:3], *after[:2]])


@dataclass(frozen=True)
class Life:
    """What happens: the ``ticks`` of the bot, in minutes from four days before the first of the reminders, and after
    which of them it starts anew; who registers when; and who has which lead time, chosen at the beginning."""

    of: Event
    ticks: list[int]
    restarts: set[int]
    arrivals: list[int]
    leads: list[timedelta | None]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    of = draw(events())
    ticks = sorted(draw(st.sets(st.integers(0, 12 * 24 * 60), min_size=3, max_size=12)))
    people_of_it = draw(st.integers(1, 4))
    return Life(
        of,
        ticks,
        draw(st.sets(st.sampled_from(ticks))),
        draw(st.lists(st.sampled_from([0, *ticks]), min_size=people_of_it, max_size=people_of_it)),
        draw(st.lists(st.one_of(st.none(), lengths), min_size=people_of_it, max_size=people_of_it)),
    )


def due_by_hand(start: datetime, length: timedelta, back: bool) -> datetime:
    """Whole days on the calendar of the zone's clocks, the rest in hours that pass; in UTC."""
    way = -1 if back else 1
    wall = start.replace(tzinfo=None) + way * timedelta(days=length.days)
    by_calendar = start if not length.days else wall.replace(tzinfo=start.tzinfo)
    return by_calendar.astimezone(UTC) + way * (length - timedelta(days=length.days))


def expected(life: Life, moments: list[datetime]) -> Counter[tuple[int, str]]:
    """Who should have got which rule: held a seat when it was due, and there was a tick while it was of use."""
    the_session = life.of.sessions[0]
    start, end = the_session.start, the_session.end or the_session.start
    due_of: dict[str, tuple[datetime, datetime]] = {}
    for rule in life.of.reminders:
        if rule.before is not None:
            due_of[rule.id] = (due_by_hand(start, rule.before, True), start.astimezone(UTC))
        else:
            due = due_by_hand(end, rule.after or timedelta(), False)
            due_of[rule.id] = (due, due + USEFUL_AFTERWARDS)
    lengths_of_rules = {rule.before for rule in life.of.reminders}
    should: Counter[tuple[int, str]] = Counter()
    for number, (arrived, lead) in enumerate(zip(life.arrivals, life.leads, strict=True), 1):
        registered = moments[0] if arrived == 0 else moments[1 + life.ticks.index(arrived)]
        wanted = dict(due_of)
        if lead is not None and lead not in lengths_of_rules:
            rule_id = f"{OWN}{int(lead.total_seconds())}"
            wanted[rule_id] = (due_by_hand(start, lead, True), start.astimezone(UTC))
        for rule_id, (due, until) in wanted.items():
            since = registered if not rule_id.startswith(OWN) else max(registered, moments[0])
            if registered >= start:
                continue
            if since <= due and any(due <= moment < until for moment in moments[1:] if moment >= registered):
                should[(number, rule_id)] = 1
    return should


async def lived(life: Life, moments: list[datetime]) -> list[tuple[datetime, int, str]]:
    """What was queued: at which tick, for whom, by which rule."""
    seen: dict[str, tuple[datetime, int, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder), life.of, moments[0]) as home:
            for number, lead in enumerate(life.leads, 1):
                await home.meet(person(number))
                async with home.database.transaction() as tx:
                    await people.choose_lead(tx, number, lead, moments[0])
            await register_those(home, life, 0)
            reminders = Reminders(life.of)
            for tick, moment in zip(life.ticks, moments[1:], strict=True):
                home.clock.moment = moment
                await register_those(home, life, tick)
                if tick in life.restarts:
                    reminders = Reminders(life.of)
                await reminders.queue_due(home.database, moment, lambda: None)
                for chat, key, _ in await home.outbox():
                    parts = str(key).split(":")
                    seen.setdefault(str(key), (moment, int(str(chat)), ":".join(parts[2:-2])))
    return list(seen.values())


async def register_those(home: House, life: Life, tick: int) -> None:
    for number, arrived in enumerate(life.arrivals, 1):
        if arrived == tick and home.now < life.of.sessions[0].start:
            await home.register(number)


@given(lives())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_reminder_comes_once_in_its_time_to_those_who_held_a_seat(life: Life) -> None:
    first = life.of.sessions[0].start.astimezone(UTC) - timedelta(days=5)
    moments = [first, *(first + tick * MINUTE for tick in life.ticks)]
    queued = asyncio.run(lived(life, moments))
    assert Counter((chat, rule) for _, chat, rule in queued) == expected(life, moments)


@given(starts(), lengths)
@settings(max_examples=300, deadline=None)
def test_it_is_due_as_the_calendar_and_the_clock_say_and_before_the_session(start: datetime, length: timedelta) -> None:
    of = event(
        session(start=start, end=None),
        timezone=start.tzinfo if isinstance(start.tzinfo, ZoneInfo) else ZoneInfo("UTC"),
        reminders=[ReminderRule("before", before=length), ReminderRule("after", after=length)],
    )
    assert {each.rule.id: moments_of(each) for each in schedule(of)} == {
        "before": (due_by_hand(start, length, True), start.astimezone(UTC)),
        "after": (
            due_by_hand(start, length, False),
            due_by_hand(start, length, False) + USEFUL_AFTERWARDS,
        ),
    }
    [own] = own_schedule(of, length)
    assert moments_of(own)[0] < moments_of(own)[1]
    assert moments_of(own)[0] == due_by_hand(start, length, True)


def moments_of(reminder: Reminder) -> tuple[datetime, datetime]:
    return reminder.due.astimezone(UTC), reminder.until.astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "start", "length", "due"),
    [
        ("Europe/Brussels", "2019-03-31T16:30", timedelta(days=1), "2019-03-30T15:30+00:00"),
        ("Europe/Brussels", "2019-03-31T16:30", timedelta(hours=23), "2019-03-30T15:30+00:00"),
        ("Europe/Brussels", "2019-04-01T02:30", timedelta(days=1), "2019-03-31T01:30+00:00"),
        ("Europe/Brussels", "2019-10-27T16:30", timedelta(days=1), "2019-10-26T14:30+00:00"),
        ("Australia/Lord_Howe", "2019-10-06T09:00", timedelta(days=1), "2019-10-04T22:30+00:00"),
        ("Africa/Casablanca", "2019-05-05T09:00", timedelta(days=1), "2019-05-04T08:00+00:00"),
        ("Asia/Kathmandu", "2019-10-06T09:00", timedelta(days=1), "2019-10-05T03:15+00:00"),
        ("Pacific/Apia", "2011-12-31T09:00", timedelta(days=2), "2011-12-29T19:00+00:00"),
    ],
)
def test_some_moments_by_hand(zone: str, start: str, length: timedelta, due: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    of = event(session(start=at, end=None), timezone=ZoneInfo(zone), reminders=[ReminderRule("before", before=length)])
    [reminder] = schedule(of)
    assert reminder.due.astimezone(UTC) == datetime.fromisoformat(due)


def test_where_the_zone_skips_the_day_before_the_reminder_still_comes_before_the_session() -> None:
    zone = ZoneInfo("Pacific/Apia")
    start = datetime(2011, 12, 31, 10, tzinfo=zone)
    rule = ReminderRule("before", before=timedelta(days=1))
    [reminder] = schedule(event(session(start=start, end=None), timezone=zone, reminders=[rule]))
    assert reminder.due < reminder.until
