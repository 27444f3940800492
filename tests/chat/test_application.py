"""Which update does what, for whom. The whole bot but for the network."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.chat.application import COORDINATOR_PRESSES, COORDINATOR_SCREENS, PRESSES, SCREENS, Application
from bot.chat.request import DIALOGUE, PRESS_LIFETIME, Services
from bot.knowledge.event import Contact
from bot.messages import actions
from bot.messages.actions import (
    Action,
    AskToRegister,
    CheckIn,
    Dismiss,
    DropBroadcast,
    Export,
    Register,
    SendBroadcast,
    SetCapacity,
    Show,
    ShowSession,
    ToggleReminder,
    pack,
)
from bot.messages.help import ATTENDEE_COMMANDS, COORDINATOR_COMMANDS
from bot.messages.message import Acknowledge, Commands, Copy, Edit, File, Message, Part, Pin, Sendable, from_json
from bot.services.broadcasts import COUNTDOWN, Broadcasts
from bot.services.privacy import Privacy
from bot.services.questions import Questions
from bot.storage import outbox
from bot.storage.outbox import Item
from tests.builders import COORDINATOR, House, event, house, session

ADA = 101
UNKNOWN = "I do not know the command {}. Here is what I can do, or simply ask in your own words."
ASK_FOR_NUMBER = "🪑 <b>Opening talk</b>: 0 of 2 seats are taken. How many seats shall it have? Write the number."
OUTDATED = "This button is no longer in use. Please use the newest message or /start."
numbers = count(1)


@dataclass
class Chat:
    """What people do with their phones, and what comes of it."""

    home: House
    application: Application

    async def update(self, **content: Any) -> list[Item]:
        raw = {"update_id": next(numbers), **content}
        async with self.home.database.transaction() as tx:
            return await self.application.handle(tx, raw["update_id"], raw, self.home.now)

    async def said(self, **content: Any) -> list[Sendable]:
        return [from_json(item.content) for item in await self.update(**content)]  # type: ignore[misc]

    async def writes(self, text: str, sender: int = ADA, **more: Any) -> list[Sendable]:
        return await self.said(message=message(sender, text=text, **more))

    async def answer(self, text: str, sender: int = ADA, **more: Any) -> str:
        """The text of the first answer."""
        return text_of((await self.writes(text, sender, **more))[0])

    async def presses(self, action: Action | str, sender: int = ADA, caption: str = "x") -> list[Sendable]:
        data = action if isinstance(action, str) else pack(action)
        return await self.said(callback_query=press(sender, data, caption))

    async def note(self, action: Action | str, sender: int = ADA) -> str:
        """What the pressed button itself says."""
        first = (await self.presses(action, sender))[0]
        assert isinstance(first, Acknowledge)
        return first.text


def user(id: int, **more: Any) -> dict[str, Any]:
    return {"id": id, "is_bot": False, "first_name": f"Person {id}", **more}


def chat(id: int, kind: str = "private") -> dict[str, Any]:
    return {"id": id, "type": kind}


def message(sender: int, **more: Any) -> dict[str, Any]:
    return {"message_id": next(numbers), "date": 1, "from": user(sender), "chat": chat(sender), **more}


def press(sender: int, data: str, caption: str = "x", under: int | None = 50) -> dict[str, Any]:
    query: dict[str, Any] = {"id": "9", "from": user(sender), "chat_instance": "1", "data": data}
    if under is not None:
        keyboard = {"inline_keyboard": [[{"text": caption, "callback_data": data}]]}
        query["message"] = {"message_id": under, "date": 1, "chat": chat(sender), "text": "?", "reply_markup": keyboard}
    return query


def text_of(content: Sendable) -> str:
    if isinstance(content, Edit):
        return content.message.text
    return content.text if isinstance(content, Message | Acknowledge) else ""


def kinds(contents: list[Sendable]) -> list[type]:
    return [type(each) for each in contents]


def chat_in(home: House) -> Chat:
    services = Services(
        home.event,
        home.people,
        Questions(Answerer(home.event), home.people),
        home.registrations,
        Broadcasts(home.people),
        Privacy(home.event, home.registrations),
    )
    return Chat(home, Application(services, "agora_event_bot"))


@pytest.fixture
def here(home: House) -> Chat:
    return chat_in(home)


def test_everything_on_the_screens_can_be_opened_and_every_action_has_one_owner() -> None:
    assert set(ATTENDEE_COMMANDS) <= set(SCREENS)
    assert set(COORDINATOR_COMMANDS) <= set(COORDINATOR_SCREENS)
    assert set(SCREENS) & set(COORDINATOR_SCREENS) == set()
    handled = [Show, *PRESSES, *COORDINATOR_PRESSES]
    assert sorted(kind.__name__ for kind in handled) == sorted(kind.__name__ for kind in actions.BY_CODE.values())


@pytest.mark.parametrize("name", ATTENDEE_COMMANDS)
async def test_every_command_of_attendees_is_answered(here: Chat, name: str) -> None:
    for text in (
        f"/{name}",
        f"/{name.upper()}",
        f"/{name}@agora_event_bot",
        f"/{name} something more",
        f"/{name}\nmore",
    ):
        assert not (await here.answer(text)).startswith("I do not know")


@pytest.mark.parametrize("name", COORDINATOR_COMMANDS)
async def test_a_coordinators_command_from_anybody_else_is_an_unknown_command(here: Chat, name: str) -> None:
    assert await here.answer(f"/{name}") == UNKNOWN.format(f"/{name}")
    assert not (await here.answer(f"/{name}", COORDINATOR)).startswith("I do not know")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/dance", "/dance"),
        ("/", "/"),
        ("/dance <b>", "/dance"),
        ("/<b>", "/&lt;b&gt;"),
        ("/" + "x" * 99, "/" + "x" * 39),
    ],
)
async def test_an_unknown_command_is_named(here: Chat, text: str, named: str) -> None:
    assert await here.answer(text) == UNKNOWN.format(named)


async def test_screens_that_are_no_commands_are_not_typed(here: Chat) -> None:
    for name in ("venue", "delete_my_data", "coordinator"):
        assert await here.answer(f"/{name}", COORDINATOR) == UNKNOWN.format(f"/{name}")


@pytest.mark.parametrize(
    ("payload", "begins"), [("register", "🎟 Shall I"), ("agenda", "<b>Opening"), ("stats", "👋"), ("xyz", "👋")]
)
async def test_a_deep_link_may_open_a_screen(here: Chat, payload: str, begins: str) -> None:
    assert (await here.answer(f"/start {payload}")).startswith(begins)


async def test_a_coordinators_first_start_brings_their_commands(here: Chat) -> None:
    assert kinds(await here.writes("/start")) == [Message]
    assert kinds(await here.writes("/start", COORDINATOR)) == [Message, Commands]


@pytest.mark.parametrize(
    "name", ["broadcast", "stats", "questions", "checkin", "export", "capacity", "coordinator", "nothing", ""]
)
async def test_a_forged_button_opens_nothing(here: Chat, name: str) -> None:
    assert await here.presses(Show(name)) == [Acknowledge("9", OUTDATED)]


@pytest.mark.parametrize(
    "action",
    [
        actions.AnswerQuestion(1),
        actions.DismissQuestion(1),
        SendBroadcast(1),
        DropBroadcast(1),
        actions.ShowBroadcast(1),
        actions.ChooseAudience(1),
        actions.AimAt(1, "everybody"),
        actions.ChooseSessionAimedAt(1, 0),
        actions.AimAtSession(1, "talk"),
        actions.ChooseLanguageAimedAt(1),
        actions.AimAtLanguage(1, "en"),
        actions.TestBroadcast(1),
        actions.AskForTime(1),
        actions.Schedule(1, 4_000_000_000),
        actions.StopBroadcast(1),
        actions.AskForText(1),
        actions.AskToWithdraw(1),
        actions.ListUnreached(1),
        actions.ForgetAnswer(1),
        Export("csv"),
        actions.AskForCapacity("talk"),
        SetCapacity("talk", 5),
        CheckIn(1),
        actions.UndoCheckIn(1),
    ],
)
async def test_a_coordinators_button_does_nothing_for_anybody_else(here: Chat, action: Action) -> None:
    before = await here.home.rows("SELECT * FROM sessions")
    await here.writes("/broadcast Hello", COORDINATOR)
    assert await here.presses(action) == [Acknowledge("9", OUTDATED)]
    assert await here.home.rows("SELECT * FROM sessions") == before
    assert await here.home.rows("SELECT state, audience FROM broadcasts") == [("draft", "{}")]


@pytest.mark.parametrize(
    "data", ["", "x", "reg", "reg:nowhere:1", "show:agenda", "take:one", "take:9223372036854775808", "\x00"]
)
async def test_a_button_that_was_never_made_is_outdated(here: Chat, data: str) -> None:
    assert await here.note(data) == OUTDATED


@pytest.mark.parametrize(
    ("action", "sender"),
    [
        (ShowSession("gone"), ADA),
        (ToggleReminder("gone", 0), ADA),
        (actions.ChooseLanguage("xx"), ADA),
        (Export("exe"), COORDINATOR),
        (actions.AskForCapacity("gone"), COORDINATOR),
        (SetCapacity("gone", 1), COORDINATOR),
        (SetCapacity("talk", -1), COORDINATOR),
        (SetCapacity("talk", 10**7), COORDINATOR),
    ],
)
async def test_a_button_about_what_is_no_more_is_outdated(here: Chat, action: Action, sender: int) -> None:
    assert await here.note(action, sender) == OUTDATED


@pytest.mark.parametrize("page", [-5, 0, 1, 10**9])
@pytest.mark.parametrize("screen", ["agenda", "register", "start"])
async def test_any_page_of_a_screen_can_be_opened(here: Chat, screen: str, page: int) -> None:
    assert kinds(await here.presses(Show(screen, page))) == [Acknowledge, Edit]


async def test_a_press_changes_the_message_under_which_it_stood(here: Chat) -> None:
    acknowledged, shown = await here.presses(AskToRegister("talk"))
    assert (acknowledged, isinstance(shown, Edit) and shown.message_id) == (Acknowledge("9"), 50)


async def test_where_that_message_is_gone_a_new_one_comes(here: Chat) -> None:
    contents = await here.said(callback_query=press(ADA, "reg?:talk", under=None))
    assert kinds(contents) == [Acknowledge, Message]


async def test_the_answer_to_a_press_is_of_no_use_later_and_everything_else_is(here: Chat) -> None:
    items = await here.update(callback_query=press(ADA, "reg?:talk"))
    assert [item.expires_at for item in items] == [here.home.now + PRESS_LIFETIME, None]


async def test_one_tap_and_a_confirmation_take_a_seat_and_doubled_taps_change_nothing(here: Chat) -> None:
    for _ in range(3):
        await here.presses(Register("talk"))
    assert await here.home.statuses() == [(ADA, "confirmed")]


async def test_a_doubled_switch_of_a_reminder_does_not_undo_itself(here: Chat) -> None:
    for _ in range(2):
        await here.presses(ToggleReminder("day-before", 0))
    assert await here.home.rows(f"SELECT muted FROM people WHERE id = {ADA}") == [('["day-before"]',)]
    await here.presses(ToggleReminder("day-before", 1))
    assert await here.home.rows(f"SELECT muted FROM people WHERE id = {ADA}") == [("[]",)]


async def test_the_cross_leaves_everything_as_it_is(here: Chat) -> None:
    assert [text_of(each) for each in await here.presses(Dismiss())] == ["", "All right, nothing was changed."]


async def test_the_way_to_the_venue_is_told_and_pinned(here: Chat) -> None:
    assert kinds(await here.presses(Show("venue"))) == [Acknowledge, Message, Pin]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]},
        {"voice": {"file_id": "1", "file_unique_id": "1", "duration": 1}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
        {"contact": {"phone_number": "1", "first_name": "A"}},
        {"sticker": {"file_id": "1", "file_unique_id": "1", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                  "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                  "allows_revoting": False, "members_only": False}},
    ],
    ids=lambda content: next(iter(content)),
)  # fmt: skip
async def test_what_is_no_text_is_answered_kindly(here: Chat, content: dict[str, Any]) -> None:
    [reply] = await here.said(message=message(ADA, **content))
    assert text_of(reply) == "I can only read text. Write me your question, and I will gladly answer."
    [reply] = await here.said(message=message(COORDINATOR, **content))
    assert text_of(reply) == "I can only read text. To send this to everybody, reply to it with /broadcast."


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"message_id": 1, "date": 1, "chat": chat(ADA)}},
        {"connected_website": "example.org"},
        {},
    ],
    ids=["pinned", "website", "nothing"],
)
async def test_what_telegram_notes_in_a_chat_is_not_answered(here: Chat, content: dict[str, Any]) -> None:
    assert await here.said(message=message(ADA, **content)) == []


@pytest.mark.parametrize(
    "update",
    [
        {"message": {**message(ADA, text="Hi"), "from": {**user(7), "is_bot": True}}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": chat(-5, "channel"), "text": "/start"}},
        {"message": {"message_id": 1, "date": 1, "chat": chat(-5, "channel"), "text": "/start"}},
        {"poll": {"nobody": "knows"}},
        {"a_kind_of_tomorrow": {"x": 1}},
        {},
    ],
    ids=["bot", "channel post", "channel", "poll", "new kind", "nothing"],
)
async def test_what_is_not_for_us_is_let_be(here: Chat, update: dict[str, Any]) -> None:
    assert await here.update(**update) == []


async def test_a_group_is_greeted_once_with_the_way_to_the_private_chat(here: Chat) -> None:
    for kind, group in (("group", -1), ("supergroup", -2)):
        items = [await here.update(message=message(ADA, text="/start", chat=chat(group, kind))) for _ in range(3)]
        assert [len(each) for each in items] == [1, 0, 0]
        pointer = from_json(items[0][0].content)
        assert isinstance(pointer, Message)
        assert (items[0][0].chat, pointer.buttons[0][0].url) == (group, "https://t.me/agora_event_bot")
    assert await here.home.rows("SELECT id FROM people") == []


async def test_a_button_pressed_in_a_group_does_nothing(here: Chat) -> None:
    query = press(ADA, pack(Register("talk")))
    query["message"]["chat"] = chat(-1, "group")
    assert await here.said(callback_query=query) == [Acknowledge("9", OUTDATED)]
    assert await here.home.statuses() == []


@pytest.mark.parametrize(("status", "unreachable"), [("kicked", True), ("member", False)])
async def test_blocking_and_coming_back_are_noted(here: Chat, status: str, unreachable: bool) -> None:
    await here.writes("/start")
    bot = {"id": 1, "is_bot": True, "first_name": "Agora"}
    new: dict[str, Any] = {"user": bot, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    change = {"chat": chat(ADA), "from": user(ADA), "date": 1, "old_chat_member": {"user": bot, "status": "member"},
              "new_chat_member": new}  # fmt: skip
    assert await here.update(my_chat_member=change) == []
    assert await here.home.rows("SELECT unreachable_since IS NOT NULL FROM people") == [(int(unreachable),)]


async def test_whoever_writes_is_reachable_again(here: Chat) -> None:
    await here.writes("/start")
    async with here.home.database.transaction() as tx:
        await tx.run("UPDATE people SET unreachable_since = 1")
    await here.writes("/help")
    assert await here.home.rows("SELECT unreachable_since FROM people") == [(None,)]


async def test_an_edited_question_is_answered_anew_and_an_edited_command_is_not_carried_out_again(here: Chat) -> None:
    where = await here.answer("Where is it?")
    assert [text_of(each) for each in await here.said(edited_message=message(ADA, text="Where is it?"))][:1] == [where]
    assert await here.said(edited_message=message(ADA, text="/register")) == []
    assert await here.said(edited_message=message(ADA, caption="x")) == []


async def test_a_forwarded_post_is_not_taken_for_a_question(here: Chat) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    post = await here.answer("Where is it? " * 30, forward_origin=origin)
    assert post == "I can only read text. Write me your question, and I will gladly answer."
    assert "Town Hall" in await here.answer("Where is it?", forward_origin=origin)


async def test_a_person_is_spoken_to_in_a_language_that_we_speak(here: Chat) -> None:
    sender = {**message(ADA, text="/start"), "from": user(ADA, language_code="xx")}
    assert text_of((await here.said(message=sender))[0]).startswith("👋 Welcome to <b>Agora Days</b>.")


async def test_a_broadcast_is_shown_and_asked_about_before_anything_is_sent(here: Chat) -> None:
    await here.presses(Register("talk"))
    preview, question = await here.writes("/broadcast 1 < 2 & <b>", COORDINATOR)
    assert preview == Message("1 < 2 & <b>", verbatim=True)
    assert text_of(question) == "⬆️ This goes to <b>1 person</b>, exactly as it stands. Send it?"
    assert await here.home.outbox() == [] or all(key is None for _, key, _ in await here.home.outbox())
    assert kinds(await here.presses(SendBroadcast(1), COORDINATOR)) == [Acknowledge, Edit]
    assert await here.note(SendBroadcast(1), COORDINATOR) == "This announcement has been decided on already."
    assert await here.note(DropBroadcast(1), COORDINATOR) == "This announcement has been decided on already."
    assert await here.home.rows("SELECT state, scheduled, recipients FROM broadcasts") == [("sending", 0, 1)]


async def test_a_reply_with_broadcast_sends_a_copy_of_any_message(here: Chat) -> None:
    await here.presses(Register("talk"))
    photo = message(COORDINATOR, photo=[])
    copy, question = await here.writes("/broadcast", COORDINATOR, reply_to_message=photo)
    assert copy == Copy(COORDINATOR, photo["message_id"])
    assert text_of(question).startswith("⬆️ This goes to <b>1 person</b>")


async def test_a_broadcast_to_nobody_or_of_too_many_words_is_not_offered(here: Chat) -> None:
    _, question = await here.writes("/broadcast Hello", COORDINATOR)
    assert text_of(question) == (
        "⬆️ There is nobody to send it to at the moment. You can choose others.\nTo: Everybody registered"
    )
    assert await here.note(SendBroadcast(1), COORDINATOR) == "This announcement has been decided on already."
    await here.presses(Register("talk"))
    assert await here.answer("/broadcast " + "🎟" * 2049, COORDINATOR) == (
        "That is longer than the 4,096 characters that fit into one message. Please shorten it; nothing was sent."
    )


async def choices(here: Chat, action: Action) -> tuple[str, list[str]]:
    """What a press shows in place: its text, and its buttons' labels."""
    shown = (await here.presses(action, COORDINATOR))[-1]
    assert isinstance(shown, Edit)
    return shown.message.text, [each.label for row in shown.message.buttons for each in row]


async def test_before_the_yes_one_chooses_to_whom_and_when_and_tries_it_on_oneself(here: Chat) -> None:
    await here.presses(Register("talk"))
    await here.writes("/broadcast Hello", COORDINATOR)
    text, labels = await choices(here, actions.ChooseAudience(1))
    assert (text, labels[:2]) == (
        "👥 Who shall get it?",
        ["Everybody who has written to me (2)", "● Everybody registered (1)"],
    )
    _, labels = await choices(here, actions.AimAt(1, "everybody"))
    assert labels[0] == "● Everybody who has written to me (2)"
    assert await here.note(actions.AimAt(1, "nonsense"), COORDINATOR) == OUTDATED
    text, labels = await choices(here, actions.ShowBroadcast(1))
    assert text == (
        "⬆️ This goes to <b>2 people</b>, exactly as it stands. Send it?\nTo: Everybody who has written to me"
    )
    note, copy = await here.presses(actions.TestBroadcast(1), COORDINATOR)
    assert (note, copy) == (
        Acknowledge("9", "Sent to you alone, as everybody would get it."),
        Message("Hello", verbatim=True),
    )


async def test_a_broadcast_can_wait_for_a_moment_that_one_taps_or_writes(here: Chat) -> None:
    await here.presses(Register("talk"))
    await here.writes("/broadcast Hello", COORDINATOR)
    text, labels = await choices(here, actions.AskForTime(1))
    assert "or write one, such as 16:20" in text
    assert labels[-1] == "⬅️ Back"
    assert (await here.answer("never", COORDINATOR)).startswith("I could not read that as a moment.\n\n🕒 When")
    assert (await here.answer("2019-10-01 16:20", COORDINATOR)).startswith("That moment is over already.")
    (question,) = await here.writes("9.10. 16:20", COORDINATOR)
    assert text_of(question) == (
        "🕒 Send it on <b>Wednesday, 9 October 2019, 16:20</b> (Brussels time)?\n"
        "To: Everybody registered, as of then (1 today)."
    )
    assert isinstance(question, Message)
    when = next(each.data for row in question.buttons for each in row if each.label.startswith("✅"))
    yes = actions.unpack(when)
    assert isinstance(yes, actions.Schedule)
    text, labels = await choices(here, yes)
    assert (
        text == "🕒 This goes out on <b>Wednesday, 9 October 2019, 16:20</b> (Brussels time). To: Everybody registered."
    )
    assert "❌ Stop" in labels
    assert await here.note(yes, COORDINATOR) == "This announcement has been decided on already."
    (listed,) = await here.writes("/broadcast", COORDINATOR)
    assert "One announcement waits for its time:" in text_of(listed)
    assert (await choices(here, actions.ShowBroadcast(1)))[0] == text
    assert await here.note(actions.StopBroadcast(1), COORDINATOR) == "Stopping …"
    assert await here.note(actions.StopBroadcast(1), COORDINATOR) == "This announcement has been decided on already."


@pytest.mark.parametrize("at", [0, -5, 1, 2**62])
async def test_a_forged_moment_schedules_nothing_that_is_over(here: Chat, at: int) -> None:
    await here.presses(Register("talk"))
    await here.writes("/broadcast Hello", COORDINATOR)
    await here.presses(actions.Schedule(1, at), COORDINATOR)
    rows = await here.home.rows("SELECT state FROM broadcasts")
    assert rows == [("sending",)] if at == 2**62 else [("draft",)]


async def test_what_went_out_is_corrected_or_taken_back_after_a_question(here: Chat) -> None:
    await here.presses(Register("talk"))
    number = await here.home.announce(Message("Room 5", verbatim=True))
    async with here.home.database.transaction() as tx:
        (item,) = await outbox.waiting(tx, outbox.Lane.BULK, 0, 9)
        await outbox.finish(tx, [outbox.Finished(item, "sent", here.home.now, message=77)])
    await here.presses(actions.AskForText(number), COORDINATOR)
    preview, question = await here.writes("Room 6", COORDINATOR)
    assert preview == Message("Room 6")
    assert text_of(question) == "⬆️ Change it to this in <b>1 chat</b>?"
    await here.presses(actions.AskForText(number), COORDINATOR)
    assert "Please shorten it" in await here.answer("x" * 4097, COORDINATOR)
    _, taken_back = await here.presses(actions.AskToWithdraw(number), COORDINATOR)
    assert text_of(taken_back) == "🗑 Delete it from <b>1 chat</b>? Whoever has read it has read it."
    assert (await choices(here, DropBroadcast(number + 2)))[0] == "Nothing was taken back."
    _, file = await here.presses(actions.ListUnreached(number), COORDINATOR)
    assert isinstance(file, File)
    assert file.name == "not-reached.xlsx"


async def test_who_changes_the_message_that_was_sent_is_asked_whether_to_change_the_copies(here: Chat) -> None:
    await here.presses(Register("talk"))
    source = message(COORDINATOR, text="Room 5")
    await here.writes("/broadcast", COORDINATOR, reply_to_message=source)
    await here.presses(SendBroadcast(1), COORDINATOR)
    edited = {**source, "text": "Room 6", "edit_date": 1}
    (note,) = await here.said(edited_message=edited)
    assert text_of(note).endswith("It goes out as it reads now.")
    here.home.clock.move(COUNTDOWN)
    (question,) = await here.said(edited_message=edited)
    assert text_of(question).startswith("✏️ You have changed a message that went to <b>1 person</b>.")


@pytest.mark.parametrize(("caption", "words"), [("/broadcast The way", "The way"), ("/BROADCAST@agora_bot x", "x")])
async def test_a_photo_may_carry_the_command(here: Chat, caption: str, words: str) -> None:
    await here.presses(Register("talk"))
    photo = {"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}
    update = message(COORDINATOR, photo=[photo], caption=caption)
    copy, _ = await here.said(message=update)
    assert copy == Copy(COORDINATOR, update["message_id"], Part.CAPTION, words)


@pytest.mark.parametrize(
    ("text", "lead", "answer"),
    [
        ("/reminders 45 minutes", 45 * 60, "🔔 Those who hold a seat"),
        ("/reminders 1 day 2 hours", 26 * 3600, "🔔 Those who hold a seat"),
        ("/reminders soon", None, "I could not read that as a length of time."),
        ("/reminders 31 days", None, "Please choose at most 30 days."),
        ("/reminders 20 seconds", None, "🔔 Those who hold a seat"),
    ],
)
async def test_everybody_chooses_a_lead_time_of_their_own(here: Chat, text: str, lead: int | None, answer: str) -> None:
    assert (await here.answer(text)).startswith(answer)
    assert await here.home.rows(f"SELECT lead FROM people WHERE id = {ADA}") == [(lead,)]


async def test_a_lead_time_is_chosen_and_given_up_by_tapping(here: Chat) -> None:
    leads = []
    for minutes in (30, 0, -1, 10**9):
        await here.presses(actions.ChooseLead(minutes))
        leads += await here.home.rows(f"SELECT lead FROM people WHERE id = {ADA}")
    assert leads == [(1800,), (None,), (None,), (None,)]


async def test_a_dialogue_takes_the_next_text_for_a_while(here: Chat) -> None:
    await here.presses(Register("talk"))
    await here.writes("/broadcast", COORDINATOR)
    assert kinds(await here.writes("The doors open earlier.", COORDINATOR)) == [Copy, Message]
    await here.writes("/broadcast", COORDINATOR)
    here.home.clock.move(DIALOGUE + timedelta(seconds=1))
    assert "Town Hall" in await here.answer("Where is it?", COORDINATOR)


@pytest.mark.parametrize("ends", ["command", "button"])
async def test_a_command_or_a_button_ends_a_dialogue(here: Chat, ends: str) -> None:
    await here.presses(Register("talk"))
    await here.writes("/broadcast", COORDINATOR)
    await (here.writes("/help", COORDINATOR) if ends == "command" else here.presses(Dismiss(), COORDINATOR))
    assert "Town Hall" in await here.answer("Where is it?", COORDINATOR)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/capacity 5", "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>5</b>?"),
        ("/capacity talk 5", "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>5</b>?"),
        ("/capacity TALK 5", "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>5</b>?"),
        ("/capacity", ASK_FOR_NUMBER),
        (
            "/capacity -5",
            "Please write a whole number from 0 to 1,000,000.",
        ),
        (
            "/capacity 9999999",
            "Please write a whole number from 0 to 1,000,000.",
        ),
    ],
)
async def test_capacity_may_be_given_with_the_command(here: Chat, text: str, answer: str) -> None:
    assert await here.answer(text, COORDINATOR) == answer


async def test_a_number_of_seats_is_asked_for_until_it_is_one(here: Chat) -> None:
    await here.writes("/capacity", COORDINATOR)
    for wrong in ("many", "-1", "1.5", "1000001"):
        assert await here.answer(wrong, COORDINATOR) == "Please write a whole number from 0 to 1,000,000."
    assert (await here.answer(" 3 ", COORDINATOR)).endswith("from 2 to <b>3</b>?")
    await here.presses(SetCapacity("talk", 3), COORDINATOR)
    assert await here.home.rows("SELECT file_capacity, capacity FROM sessions") == [(2, 3)]


async def test_at_the_door_every_text_is_a_name_until_something_else_is_wanted(here: Chat) -> None:
    await here.home.register(1)
    assert (await here.answer("/checkin Person", COORDINATOR)) == "For “Person” I found:"
    assert await here.answer("Persom", COORDINATOR) == "For “Persom” I found:"
    await here.presses(CheckIn(1), COORDINATOR)
    assert (await here.answer("A0001", COORDINATOR)) == "For “A0001” I found:"
    await here.writes("/help", COORDINATOR)
    assert "Town Hall" in await here.answer("Where is it?", COORDINATOR)


async def test_an_undo_at_the_door_after_somebody_cancelled_is_answered(here: Chat) -> None:
    await here.home.register(1)
    await here.presses(CheckIn(1), COORDINATOR)
    await here.home.cancel(1, 1)
    assert kinds(await here.presses(actions.UndoCheckIn(1), COORDINATOR)) == [Acknowledge, Edit]


async def test_the_export_comes_as_a_file(here: Chat) -> None:
    await here.home.register(1)
    [_, file] = await here.presses(Export("csv"), COORDINATOR)
    assert isinstance(file, File)
    assert (file.name, file.caption) == ("registrations.csv", "1 registration, as of Monday, 7 October 2019, 12:00")
    assert file.content.splitlines()[1] == b"1,1,Person 1,talk,confirmed,,2019-10-07T12:00:00+02:00,"


async def test_ones_own_data_comes_as_a_file_and_goes_for_good(here: Chat) -> None:
    await here.presses(Register("talk"))
    [_, file] = await here.presses(actions.SendMyData())
    assert isinstance(file, File)
    assert b"Person 101" in file.content
    await here.presses(actions.DeleteMyData())
    assert await here.home.rows("SELECT id FROM people") == []
    assert await here.home.statuses() == []


async def test_a_question_without_an_answer_goes_to_a_coordinator_and_back(tmp_path: Path) -> None:
    async with house(tmp_path, event(contact=Contact("Clara"))) as home:
        here = chat_in(home)
        await here.writes("/start", COORDINATOR)
        [unanswered] = await here.writes("Is there parking for bicycles?")
        assert isinstance(unanswered, Message)
        assert unanswered.buttons[0][0].label == "✋ Ask the organisers"
        [_, passed] = await here.presses(unanswered.buttons[0][0].data)
        assert text_of(passed) == "✋ I have passed your question on. The answer comes here, in this chat."
        await here.presses(actions.AnswerQuestion(1), COORDINATOR)
        assert await here.answer("Yes, behind the hall.", COORDINATOR) == (
            "Your answer is on its way to 1 person.\n\n"
            "From now on I answer it myself. To keep it for good, put this below “faq:” in the knowledge file:\n\n"
            "<pre>  - id: organisers-1\n"
            "    questions:\n"
            "      - Is there parking for bicycles?\n"
            "    answer: Yes, behind the hall.</pre>"
        )
        assert [key for _, key, _ in await home.outbox() if key] == [f"question:1:{COORDINATOR}", "answer:1"]
        [_, forgotten] = await here.presses(actions.ForgetAnswer(1), COORDINATOR)
        assert text_of(forgotten) == "I no longer answer it by myself."


async def test_a_choice_of_several_sessions_comes_before_the_question(tmp_path: Path) -> None:
    async with house(tmp_path, event(session(), session("other"), session("gone", capacity=None))) as home:
        here = chat_in(home)
        [choice] = await here.writes("/register")
        assert isinstance(choice, Message)
        assert [row[0].data for row in choice.buttons] == ["reg?:talk", "reg?:other", "no"]


async def test_an_update_that_cannot_be_understood_is_a_fault(here: Chat) -> None:
    with pytest.raises((TypeError, KeyError, ValueError, AttributeError)):
        await here.update(message={"message_id": 1, "from": 5})
