"""What a button carries comes back as it was, and nothing else does."""

from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.messages.actions import (
    BY_CODE,
    LIMIT,
    Action,
    Cancel,
    Dismiss,
    Register,
    SetCapacity,
    Show,
    ShowSession,
    ToggleReminder,
    pack,
    short,
    unpack,
)

KINDS: tuple[Any, ...] = get_args(Action)
ids = st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True)
numbers = st.integers(-(10**6), 10**9)


def any_of_kind(kind: Any) -> st.SearchStrategy[Action]:
    return st.builds(kind, **{field.name: numbers if field.type is int else ids for field in fields(kind)})


@given(st.one_of([any_of_kind(kind) for kind in KINDS]))
@settings(deadline=None, max_examples=300)
def test_an_action_comes_back_as_it_was_packed(action: Action) -> None:
    assert unpack(pack(action)) == action


@pytest.mark.parametrize(
    ("action", "packed"),
    [
        (Show("agenda"), "show:agenda:0"),
        (Show("agenda", 2), "show:agenda:2"),
        (Register("smart-specialisation"), "reg:smart-specialisation"),
        (Cancel(12), "cancel:12"),
        (ToggleReminder("day-before", 1), "remind:day-before:1"),
        (SetCapacity("talk", 150), "cap:talk:150"),
        (Dismiss(), "no"),
    ],
)
def test_buttons_that_people_have_in_their_chats_keep_their_meaning(action: Action, packed: str) -> None:
    assert (pack(action), unpack(packed)) == (packed, action)


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "",
        ":",
        "no:",
        "no:1",
        "nothing",
        "NO",
        " no",
        "cancel",
        "cancel:",
        "cancel:x",
        "cancel:1:2",
        "cancel:1.0",
        "cancel:+1",
        "cancel: 1",
        "cancel:01",
        "cancel:-0",
        "cancel:1_000",
        "cancel:١",
        "cancel:1\n",
        f"cancel:{2**63}",
        f"cancel:{-(2**63)}",
        "cancel:" + "9" * 5000,
        "session:" + "x" * LIMIT,
        "session:half of an emoji \ud83c",
        "show:agenda",
        "show:agenda:0:0",
        "show:agenda:first",
        "Show:agenda:0",
        "__class__:x",
        "reg\x00:talk",
    ],
)
def test_what_no_button_of_ours_carries_is_nothing(forged: str | None) -> None:
    assert unpack(forged) is None


forgeries = st.one_of(
    st.text(max_size=80),
    st.builds(
        lambda code, values: ":".join([code, *values]),
        st.sampled_from(sorted(BY_CODE)),
        st.lists(st.one_of(st.text(max_size=20), st.integers().map(str)), max_size=3),
    ),
)


@given(forgeries)
@example("session:")
@settings(deadline=None, max_examples=400)
def test_whatever_is_read_is_exactly_what_would_be_written(forged: str) -> None:
    action = unpack(forged)
    assert action is None or pack(action) == forged


@pytest.mark.parametrize("session", ["a" * 61, "ü" * 31, "with:colon", ":"])
def test_what_does_not_fit_a_button_is_not_written(session: str) -> None:
    with pytest.raises(ValueError, match="does not fit a button"):
        pack(Register(session))


def test_every_kind_has_a_code_of_its_own() -> None:
    assert len(BY_CODE) == len(KINDS)


@given(st.text(st.characters(codec="utf-8", exclude_characters=":"), min_size=1, max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_id_fits_every_button_once_it_is_short(name: str) -> None:
    for kind in KINDS:
        values: Any = {field.name: 2**40 if field.type is int else short(name) for field in fields(kind)}
        assert unpack(pack(kind(**values))) == kind(**values)


def test_a_short_id_stays_itself_and_long_ones_stay_apart() -> None:
    assert short("smart-specialisation") == "smart-specialisation"
    assert short("a" * 40) == "a" * 40
    assert len({short("a" * length) for length in range(41, 200)}) == 159
    assert short("a" * 41) == short("a" * 41)


def test_a_digest_is_the_same_in_every_process() -> None:
    assert short("x" * 120) == "~0f01a64b1a444455"


def test_a_session_s_button_is_short_enough_for_the_largest_hall() -> None:
    action = SetCapacity(short("x" * 500), 10**9)
    assert len(pack(action).encode()) <= LIMIT
    assert unpack(pack(ShowSession(short("x" * 500)))) == ShowSession(short("x" * 500))
