"""When reminders are due, whatever the clocks do in between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.reminders import Reminder, due, earlier, later, reminder, schedule
from bot.knowledge.event import ReminderRule
from tests.builders import DAY_BEFORE, END, FOLLOW_UP, HOUR_BEFORE, START, at, event, session

ZONES = ("UTC", "Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.one_of(
    st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    # Around the nights in which European and American clocks change.
    st.builds(
        lambda day, minutes: day + timedelta(minutes=minutes),
        st.sampled_from([datetime(2025, 3, 30, tzinfo=UTC), datetime(2025, 10, 26, tzinfo=UTC)]),
        st.integers(-60, 180),
    ),
)
lengths = st.integers(0, 40 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("start", "before", "due_at"),
    [
        ("2019-10-09 16:30", HOUR, "2019-10-09T15:30:00+02:00"),
        ("2019-10-09 16:30", DAY, "2019-10-08T16:30:00+02:00"),
        ("2019-10-09 16:30:15", DAY, "2019-10-08T16:30:15+02:00"),
        ("2019-10-09 16:30", timedelta(), "2019-10-09T16:30:00+02:00"),
        # The clocks went back at 3:00 on 27 October: the day before has 25 hours.
        ("2019-10-27 16:30", DAY, "2019-10-26T16:30:00+02:00"),
        ("2019-10-27 16:30", timedelta(hours=23), "2019-10-26T18:30:00+02:00"),
        ("2019-10-28 09:00", timedelta(days=2), "2019-10-26T09:00:00+02:00"),
        ("2019-10-28 09:00", DAY + HOUR, "2019-10-27T08:00:00+01:00"),
        ("2019-10-27 04:00", 3 * HOUR, "2019-10-27T02:00:00+02:00"),
        ("2019-10-27 04:00", 2 * HOUR, "2019-10-27T02:00:00+01:00"),
        # They went forward at 2:00 on 31 March: that day has no 2:30.
        ("2019-03-31 03:30", HOUR, "2019-03-31T01:30:00+01:00"),
        ("2019-03-31 16:30", DAY, "2019-03-30T16:30:00+01:00"),
        ("2019-04-01 02:30", DAY, "2019-03-31T03:30:00+02:00"),
        ("2019-04-01 02:30", DAY + HOUR, "2019-03-31T01:30:00+01:00"),
        ("2019-03-31 16:30", timedelta(hours=24), "2019-03-30T16:30:00+01:00"),
    ],
)
def test_days_keep_the_time_of_day_and_hours_really_pass(start: str, before: timedelta, due_at: str) -> None:
    assert earlier(at(start), before).isoformat() == due_at


def test_in_the_hour_that_happens_twice_the_second_is_not_taken_for_the_first() -> None:
    second = at("2019-10-27 02:30").replace(fold=1)
    assert earlier(second, HOUR).isoformat() == "2019-10-27T02:30:00+02:00"
    assert earlier(second, timedelta()).isoformat() == "2019-10-27T02:30:00+01:00"
    assert later(second, timedelta(minutes=10)).isoformat() == "2019-10-27T02:40:00+01:00"
    assert earlier(second, DAY).isoformat() == "2019-10-26T02:30:00+02:00"


@given(zones, instants, st.integers(1, 60))
@settings(deadline=None, max_examples=150)
def test_whole_days_before_show_the_same_time_of_day(zone: ZoneInfo, instant: datetime, days: int) -> None:
    moment = instant.astimezone(zone)
    found = earlier(moment, timedelta(days=days))
    wanted = (moment - timedelta(days=days)).replace(tzinfo=None)
    exists = wanted.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted
    assert found.tzinfo is zone
    if exists:
        assert found.replace(tzinfo=None, fold=0) == wanted.replace(fold=0)
    else:
        # A time that the zone skips: as much later as the clocks were put forward.
        assert timedelta() < found.replace(tzinfo=None) - wanted <= 2 * HOUR


@given(zones, instants, st.integers(0, 86_399))
@settings(deadline=None, max_examples=150)
def test_less_than_a_day_is_time_that_really_passes(zone: ZoneInfo, instant: datetime, seconds: int) -> None:
    length = timedelta(seconds=seconds)
    moment = instant.astimezone(zone)
    assert earlier(moment, length).astimezone(UTC) == instant - length
    assert later(moment, length).astimezone(UTC) == instant + length


@given(zones, instants, lengths)
@settings(deadline=None, max_examples=150)
def test_a_reminder_before_is_never_due_after_its_session_starts(
    zone: ZoneInfo, instant: datetime, length: timedelta
) -> None:
    moment = instant.astimezone(zone)
    assert earlier(moment, length).astimezone(UTC) <= instant <= later(moment, length).astimezone(UTC)


@given(zones, instants, lengths, st.integers(0, 40))
@settings(deadline=None, max_examples=150)
def test_whoever_is_reminded_more_days_before_is_reminded_no_later(
    zone: ZoneInfo, instant: datetime, length: timedelta, days: int
) -> None:
    moment = instant.astimezone(zone)
    longer = earlier(moment, length + timedelta(days=days)).astimezone(UTC)
    assert longer <= earlier(moment, length).astimezone(UTC)


def test_a_follow_up_counts_from_the_end_and_without_one_from_the_start() -> None:
    ten_minutes, twelve_hours = timedelta(minutes=10), timedelta(hours=12)
    talk, open_end = session(), session(end=None)
    assert reminder(talk, FOLLOW_UP) == Reminder(talk, FOLLOW_UP, END + ten_minutes, END + ten_minutes + twelve_hours)
    assert reminder(open_end, FOLLOW_UP).due == START + ten_minutes
    assert reminder(talk, ReminderRule("end", after=timedelta())).due == END


def test_the_schedule_is_every_rule_of_every_session_that_takes_registrations_in_order() -> None:
    later_talk = session("later", start=START + HOUR, end=None, capacity=0)
    open_door = session("open-door", capacity=None)
    listed = schedule(event(later_talk, session(), open_door))
    assert [(each.session.id, each.rule.id) for each in listed] == [
        ("talk", "day-before"),
        ("later", "day-before"),
        ("talk", "hour-before"),
        ("later", "hour-before"),
        ("later", "follow-up"),
        ("talk", "follow-up"),
    ]
    assert [each.due for each in listed] == sorted(each.due for each in listed)


def test_an_event_without_rules_has_no_reminders() -> None:
    assert schedule(event(reminders=())) == []


@pytest.mark.parametrize(
    ("now", "rules"),
    [
        (START - DAY - timedelta(seconds=1), []),
        (START - DAY, ["day-before"]),
        (START - HOUR - timedelta(seconds=1), ["day-before"]),
        (START - HOUR, ["day-before", "hour-before"]),
        (START - timedelta(seconds=1), ["day-before", "hour-before"]),
        (START, []),
        (END + timedelta(minutes=9), []),
        (END + timedelta(minutes=10), ["follow-up"]),
        (END + timedelta(hours=12, minutes=9, seconds=59), ["follow-up"]),
        (END + timedelta(hours=12, minutes=10), []),
    ],
)
def test_a_missed_reminder_is_due_until_it_is_of_no_use(now: datetime, rules: list[str]) -> None:
    assert [each.rule.id for each in due(schedule(event()), now)] == rules


def test_every_reminder_has_a_key_of_its_own_and_a_moved_session_has_new_ones() -> None:
    both = [session(), session("other"), session("talk", start=START + HOUR)]
    keys = [reminder(each, rule).key for each in both for rule in (DAY_BEFORE, HOUR_BEFORE, FOLLOW_UP)]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "reminder:talk:day-before:20191009T143000"


def test_the_key_knows_an_instant_and_not_a_zone() -> None:
    assert reminder(session(start=START.astimezone(UTC)), DAY_BEFORE).key == reminder(session(), DAY_BEFORE).key
