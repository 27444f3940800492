"""Texts cut to what Telegram takes, and keyboards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.rendering import fitting, keyboard, pieces
from bot.messages.actions import Dismiss, Show
from bot.messages.message import (
    TEXT_LIMIT,
    Acknowledge,
    Button,
    Copy,
    Edit,
    Message,
    Sendable,
    Style,
    button,
    utf16_length,
)

BUTTONS = ((button("✅ Yes", Show("start"), Style.GO), button("❌ No", Dismiss(), Style.STOP)),)
texts = st.text(st.sampled_from("ab \n&;🎟é"), max_size=120)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("🎟", 2), ("👩‍🚀", 5), ("\uffff", 1)])
def test_length_is_counted_as_telegram_counts_it(text: str, length: int) -> None:
    assert utf16_length(text) == length == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("short", ["short"]),
        ("exactly 10", ["exactly 10"]),
        ("one\ntwo\nthree", ["one\ntwo", "three"]),
        ("one\n\n\n\n\n\n\ntwo", ["one", "two"]),
        ("line one\nline two", ["line one", "line two"]),
        ("a few words in a line", ["a few", "words in", "a line"]),
        ("unbroken" * 3, ["unbrokenun", "brokenunbr", "oken"]),
        ("🎟🎟🎟🎟🎟🎟", ["🎟🎟🎟🎟🎟", "🎟"]),
        ("1234567 &amp;", ["1234567", "&amp;"]),
    ],
)
def test_a_long_text_is_cut_at_lines_or_words(text: str, cut: list[str]) -> None:
    assert pieces(text, 10) == cut


@given(texts, st.integers(12, 40))
@settings(deadline=None, max_examples=300)
def test_cutting_keeps_every_sign_in_order_and_every_piece_fits(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(utf16_length(piece) <= limit for piece in found)
    assert found == [text] or all(piece.strip() for piece in found)


@given(st.lists(st.sampled_from(["&amp;", "&lt;", "&gt;", "a", "é🎟", " "]), max_size=60).map("".join))
@settings(deadline=None, max_examples=200)
def test_an_escaped_sign_is_never_cut_in_two(text: str) -> None:
    for piece in pieces(text, 20):
        assert "&" not in piece.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_what_fits_is_left_as_it_is() -> None:
    message = Message("Hello", BUTTONS, silent=True)
    contents: list[Sendable] = [message, Edit(7, message), Acknowledge("1", "Done"), Copy(1, 2)]
    assert [list(fitting(each)) for each in contents] == [[each] for each in contents]


def test_a_long_message_becomes_several_with_the_buttons_under_the_last() -> None:
    long = Message(("word " * 800 + "\n") * 3, BUTTONS, silent=True)
    line = ("word " * 800).rstrip()
    plain = Message(line, silent=True)
    assert list(fitting(long)) == [plain, plain, Message(line, BUTTONS, silent=True)]


def test_a_long_edit_changes_the_first_message_and_adds_the_rest() -> None:
    first, second = "a" * 4000, "b" * 4000
    edit = Edit(7, Message(f"{first}\n{second}", BUTTONS))
    assert list(fitting(edit)) == [Edit(7, Message(first)), Message(second, BUTTONS)]


def test_the_limit_is_telegrams() -> None:
    assert TEXT_LIMIT == 4096
    assert [utf16_length(piece) for piece in pieces("x" * 5000)] == [4096, 904]


def test_a_keyboard_shows_what_each_button_does_and_looks_like() -> None:
    site = Button("Site", url="https://example.org")
    assert keyboard(Message("Hello", (*BUTTONS, (), (site,)))) == {
        "inline_keyboard": [
            [
                {"text": "✅ Yes", "callback_data": "show:start:0", "style": "success"},
                {"text": "❌ No", "callback_data": "no", "style": "danger"},
            ],
            [{"text": "Site", "url": "https://example.org"}],
        ]
    }
    assert keyboard(Message("Hello")) is None
