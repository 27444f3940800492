"""What holds for every message in every language: markup and buttons that Telegram takes, ✅ to go on, ❌ to stop."""

import re
from html import unescape
from itertools import chain

import pytest

from bot.attendance.registration import Status
from bot.chat.application import COORDINATOR_PRESSES, COORDINATOR_SCREENS, PRESSES, SCREENS
from bot.chat.rendering import fitting
from bot.i18n.catalog import read_phrases
from bot.knowledge.event import Venue
from bot.messages import agenda, reports
from bot.messages import help as help_messages
from bot.messages.actions import LIMIT, Show, unpack
from bot.messages.message import TEXT_LIMIT, Message, Pin, Style, from_json, to_json, utf16_length
from bot.messages.wording import Wording
from tests.builders import START, event, registration, session, wording, words
from tests.messages.everything import LANGUAGES, big_event, buttons, captions, everything_said, notices

TAG = re.compile(r"</?(?:b|i|pre)>")
SIGNS = re.compile(r"&(lt|gt|amp);")
AWKWARD = 'Ada & "Co" </b><i>Łódź</i> <script>🎉'
LONGEST_QUESTIONS = ("word " * 819, "&" * 4096, "🎉" * 2048)
"""As long as a message may be."""

EVENTS = {
    "one talk": event(),
    "two talks": event(session(), session("other", title="Second talk", room=None, end=None)),
    "nothing to register for": event(session(capacity=None)),
    "no venue": event(venue=None),
    "big": big_event(),
    "hostile": big_event('</b>&<i>"🎉<script>'),
}
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_event = pytest.mark.parametrize("name", EVENTS)


def said(name: str, language: str) -> list[Message]:
    stranger = AWKWARD if name == "hostile" else "Ada Lovelace"
    return list(everything_said(Wording(EVENTS[name], language), stranger, f"{stranger}?"))


def fault_of(markup: str) -> str | None:
    """What Telegram would refuse in a text; None when it is whole."""
    still_open: list[str] = []
    for tag in TAG.findall(markup):
        if tag[1] != "/":
            still_open.append(tag.strip("<>"))
        elif not still_open or still_open.pop() != tag.strip("</>"):
            return f"{tag} closes nothing"
    if still_open:
        return f"<{still_open[-1]}> is not closed"
    rest = SIGNS.sub("", TAG.sub("", markup))
    return next((f"a bare {sign}" for sign in "<>&" if sign in rest), None)


def faults(messages: list[Message]) -> list[tuple[str | None, str]]:
    return [(fault_of(each.text), each.text) for each in messages if fault_of(each.text)]


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("plain", None),
        ("<b>bold</b> &amp; <i>more</i>", None),
        ("<b>open", "<b> is not closed"),
        ("open</b>", "</b> closes nothing"),
        ("<b><i>crossed</b></i>", "</b> closes nothing"),
        ("a < b", "a bare <"),
        ("a & b", "a bare &"),
        (AWKWARD, "</b> closes nothing"),
    ],
)
def test_a_fault_in_markup_is_seen(markup: str, fault: str | None) -> None:
    assert fault_of(markup) == fault


@every_language
@every_event
def test_every_text_is_markup_that_telegram_takes(name: str, language: str) -> None:
    assert faults(said(name, language)) == []


def cut(messages: list[Message]) -> list[Message]:
    """The pieces in which they are sent."""
    return [each for each in chain.from_iterable(fitting(message) for message in messages) if isinstance(each, Message)]


@every_language
@every_event
def test_every_piece_of_a_long_message_is_markup_that_telegram_takes(name: str, language: str) -> None:
    assert faults(cut(said(name, language))) == []


@every_language
@every_event
def test_no_message_is_empty_or_too_long_once_it_is_rendered(name: str, language: str) -> None:
    pieces = cut(said(name, language))
    assert [each.text for each in pieces if not each.text.strip() or utf16_length(each.text) > TEXT_LIMIT] == []


@every_language
@every_event
@pytest.mark.parametrize("question", ["Is there coffee?", *LONGEST_QUESTIONS], ids=["short", "words", "signs", "emoji"])
def test_a_notice_fits_into_one_message(name: str, language: str, question: str) -> None:
    # Telegram counts what is left when the markup is taken out.
    read = [unescape(TAG.sub("", each.text)) for each in notices(Wording(EVENTS[name], language), question)]
    assert [utf16_length(each) for each in read if utf16_length(each) > TEXT_LIMIT] == []


@every_language
@every_event
def test_every_button_carries_what_a_button_can_carry_and_leads_somewhere(name: str, language: str) -> None:
    for button in chain.from_iterable(buttons(each) for each in said(name, language)):
        assert button.label.strip()
        if button.url:
            assert (button.data, button.url) == ("", "https://t.me/agora_event_bot")
            continue
        assert len(button.data.encode()) <= LIMIT
        action = unpack(button.data)
        if isinstance(action, Show):
            assert action.screen in SCREENS | COORDINATOR_SCREENS
        else:
            assert type(action) in PRESSES | COORDINATOR_PRESSES


@every_language
@every_event
def test_going_on_begins_with_a_tick_and_stopping_with_a_cross(name: str, language: str) -> None:
    signs = {Style.GO: "✅ ", Style.STOP: "❌ "}
    for button in chain.from_iterable(buttons(each) for each in said(name, language)):
        sign = signs.get(button.style)
        assert not button.label.startswith(("✅", "❌")) if sign is None else button.label.startswith(sign)


@every_language
@every_event
def test_every_question_that_can_be_answered_yes_can_be_answered_no(name: str, language: str) -> None:
    for message in said(name, language):
        styles = [button.style for button in buttons(message)]
        assert Style.GO not in styles or Style.STOP in styles


@every_language
@every_event
def test_telegram_shows_at_most_a_hundred_buttons_and_eight_a_row(name: str, language: str) -> None:
    for message in said(name, language):
        assert len(buttons(message)) <= 100
        assert [row for row in message.buttons if not 1 <= len(row) <= 8] == []


@every_language
@every_event
def test_no_phrase_shows_its_fields_or_its_name(name: str, language: str) -> None:
    keys = {key for key in read_phrases("en") if "." in key}
    for message in said(name, language):
        for text in (message.text, *captions(message)):
            assert not re.search(r"\{[a-z_]*\}", text)
            assert not keys & set(re.findall(r"[a-z_]+\.[a-z_.]+", text))


@every_language
@every_event
def test_every_message_can_wait_in_the_database(name: str, language: str) -> None:
    messages = said(name, language)
    assert [from_json(to_json(each)) for each in messages] == messages


@every_language
def test_the_menu_lists_what_telegram_takes(language: str) -> None:
    for coordinator in (False, True):
        menu = help_messages.commands(Wording(event(), language), coordinator)
        assert len(menu) <= 100
        for command, what in menu:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
            assert 1 <= utf16_length(what) <= 256


@every_language
def test_a_name_arrives_as_it_was_written(language: str) -> None:
    says = Wording(event(session(title=AWKWARD)), language)
    held = registration(Status.CONFIRMED, name=AWKWARD, checked_in_at=START)
    door = reports.checked_in(says, held)
    assert AWKWARD in unescape(TAG.sub("", door.text.replace("</b>", "", 1)))
    assert AWKWARD in captions(door)[0]
    assert AWKWARD in unescape(agenda.session_details(says, says.event.sessions[0], START).text)


@pytest.mark.parametrize(
    ("venue", "pin"),
    [
        (None, None),
        (Venue(words("Town Hall"), words("Main Square 1")), None),
        (Venue(words("Town Hall"), None, (0.0, 0.0)), Pin("Town Hall", "Town Hall", 0.0, 0.0)),
        (Venue(words("Hall"), words("Square 1"), (50.8, 4.3)), Pin("Hall", "Square 1", 50.8, 4.3)),
    ],
)
def test_a_pin_needs_coordinates(venue: Venue | None, pin: Pin | None) -> None:
    assert agenda.pin(wording(event(venue=venue))) == pin
