"""Whether a session is where and when people were told, also after what they were told was kept as text."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.changes import Told
from tests.builders import END, START, session, words

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize("fold", [0, 1])
def test_a_session_that_ends_in_the_hour_that_happens_twice_has_not_changed(fold: int) -> None:
    end = datetime(2019, 10, 27, 2, 30, tzinfo=BRUSSELS, fold=fold)
    told = Told.of(session(start=datetime(2019, 10, 26, 22, tzinfo=BRUSSELS), end=end))
    assert Told.from_json(told.to_json()).differs(told) is False


def test_from_the_first_to_the_second_of_two_equal_hours_is_a_change() -> None:
    first, second = (
        Told.of(session(start=datetime(2019, 10, 27, 2, 30, tzinfo=BRUSSELS, fold=fold), end=None)) for fold in (0, 1)
    )
    assert Told.from_json(first.to_json()).differs(second) is True


@pytest.mark.parametrize(
    ("differs", "changed"),
    [
        (False, session()),
        (False, session(title="A better title")),
        (True, session(start=START + timedelta(minutes=1))),
        (True, session(end=END - timedelta(minutes=1))),
        (True, session(end=None)),
        (True, session(room="314")),
        (True, session(room=None)),
    ],
)
def test_time_and_room_matter_and_the_title_does_not(differs: bool, changed: object) -> None:
    told = Told(words("Opening talk"), START, END, words("313"))
    assert Told.from_json(told.to_json()).differs(Told.of(changed)) is differs  # type: ignore[arg-type]
