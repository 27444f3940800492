"""The name that people see."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.person import NAME_LENGTH, display_name

names = st.none() | st.text(max_size=80)


@pytest.mark.parametrize(
    ("first", "last", "username", "name"),
    [
        ("Ada", "Lovelace", "ada", "Ada Lovelace"),
        ("Ada", None, "ada", "Ada"),
        (None, "Lovelace", None, "Lovelace"),
        ("  Ada\n", " King  of\tLovelace ", None, "Ada King of Lovelace"),
        ("", "", "ada", "ada"),
        (" ", None, "ada", "ada"),
        (None, None, None, "?"),
        ("Élodie 🎉", "Ångström", None, "Élodie 🎉 Ångström"),
        ("A" * 70, "B", None, "A" * 64),
        ("A" * 63, "B", None, "A" * 63),
    ],
)
def test_a_name_is_first_and_last_on_one_line_of_bearable_length(
    first: str | None, last: str | None, username: str | None, name: str
) -> None:
    assert display_name(first, last, username) == name


@given(names, names, st.none() | st.from_regex(r"[A-Za-z0-9_]{1,32}", fullmatch=True))
@settings(deadline=None, max_examples=200)
def test_every_person_has_a_name(first: str | None, last: str | None, username: str | None) -> None:
    name = display_name(first, last, username)
    assert 1 <= len(name) <= NAME_LENGTH
    assert name == " ".join(name.split())
