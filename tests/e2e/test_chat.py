"""The chat: commands, buttons, rights, and everything that is not a question."""

from pathlib import Path

import pytest

from tests.e2e.stage import Stage, captions, eventually, staged, text_of

TITLE = "Smart Specialisation: trans-regional innovation and investment opportunities for EU regions and SMEs"


async def test_start_says_what_when_and_where_and_offers_buttons_for_everything(stage: Stage) -> None:
    ada = await stage.person(101)
    welcome = await ada.ask("/start")
    assert "Wednesday, 9 October 2019, 16:30–19:00 (Brussels time)" in text_of(welcome)
    assert "Room 313+315, SQUARE – Brussels Convention Centre" in text_of(welcome)
    assert captions(welcome) == [
        "🎟 Register",
        "📋 My seat",
        "🗓 Programme",
        "📍 How to get there",
        "🔔 Reminders",
        "🌐 Language",
        "💬 What can I ask?",
        "🔒 My data",
    ]


async def test_every_button_of_the_first_screen_leads_somewhere(stage: Stage) -> None:
    ada = await stage.person(101)
    for number, caption in enumerate(captions(await ada.ask("/start"))):
        visitor = await stage.person(200 + number)
        shown = await visitor.press(await visitor.ask("/start"), caption)
        assert text_of(shown), caption
        assert not text_of(shown).startswith("👋"), caption


async def test_the_menu_lists_the_commands_and_the_coordinators_own_for_coordinators_only(stage: Stage) -> None:
    ada, clara = await stage.person(101), await stage.coordinator()
    await ada.ask("/start")
    await clara.ask("/start")
    attendee = ["start", "help", "agenda", "register", "cancel", "status", "reminders", "language", "privacy"]
    coordinator = ["broadcast", "stats", "questions", "checkin", "export", "capacity"]
    await eventually_commands(stage, 101, attendee)
    await eventually_commands(stage, 900, attendee + coordinator)


async def eventually_commands(stage: Stage, person: int, expected: list[str]) -> None:
    async def listed() -> bool:
        commands = (await stage.get(f"commands/{person}"))["commands"]
        return [each["command"] for each in commands] == expected

    await eventually(listed)


@pytest.mark.parametrize(
    "command", ["/broadcast hello", "/stats", "/questions", "/checkin Ada", "/export", "/capacity 1"]
)
async def test_a_coordinators_command_from_anybody_else_is_an_unknown_command(stage: Stage, command: str) -> None:
    ada = await stage.person(101)
    await ada.register()
    answer = await ada.ask(command)
    assert text_of(answer).startswith(f"I do not know the command {command.split()[0]}.")
    assert stage.rows("SELECT count(*) FROM broadcasts") == [(0,)]


@pytest.mark.parametrize(
    "command",
    [
        "/help",
        "/agenda",
        "/register",
        "/cancel",
        "/status",
        "/reminders",
        "/language",
        "/privacy",
        "/HELP",
        "/help@agora_demo_bot",
    ],
)
async def test_every_command_is_answered_as_a_first_message(stage: Stage, command: str) -> None:
    ada = await stage.person(101)
    answer = await ada.ask(command)
    assert "I do not know the command" not in text_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "//",
        "/nonsense",
        "/🙈",
        "?",
        "🙂",
        ".",
        "x" * 4096,
        "\u202e\u0000a",
        "<b>",
        "&lt;",
        "  hi  ",
        "SELECT 1; --",
    ],
)
async def test_every_text_gets_a_reply(stage: Stage, text: str) -> None:
    ada = await stage.person(101)
    assert text_of(await ada.ask(text))


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location", "contact", "document"])
async def test_what_is_not_text_gets_a_kind_word(stage: Stage, kind: str) -> None:
    ada = await stage.person(101)
    answer = await ada.ask(None, **{kind: True})
    assert text_of(answer) == "I can only read text. Write me your question, and I will gladly answer."


async def test_a_forwarded_question_is_answered_and_a_forwarded_post_is_not_mistaken_for_one(stage: Stage) -> None:
    ada = await stage.person(101)
    assert "313+315" in text_of(await ada.ask(None, forward={"text": "Which room is it?"}))
    assert text_of(await ada.ask(None, forward={"text": "News! " * 100})).startswith("I can only read text.")


async def test_an_edited_question_is_answered_and_an_edited_command_is_not_carried_out_again(stage: Stage) -> None:
    ada = await stage.person(101)
    sent = await ada.say("whch rom")
    await ada.message_after(sent["message_id"])
    await ada.say("Which room is it?", edit_message_id=sent["message_id"])
    await ada.hears("313+315")
    command = await ada.say("/help")
    await ada.message_after(command["message_id"])
    spoken = len(await ada.heard())
    await ada.say("/register", edit_message_id=command["message_id"])
    await ada.ask("/status")
    assert len(await ada.heard()) == spoken + 1


async def test_a_group_is_told_once_where_to_find_the_bot_and_channels_nothing(stage: Stage) -> None:
    ada = await stage.person(101)
    await stage.post("chats", {"id": -1001, "type": "supergroup", "title": "Friends"})
    await stage.post("chats", {"id": -1002, "type": "channel", "title": "News"})
    for text in ("hello", "/start", "/register@agora_demo_bot", "when is it?"):
        await ada.say(text, chat_id=-1001)
        await ada.say(text, chat_id=-1002)
    await ada.ask("/start")
    said = [each for each in (await stage.get("chats/-1001"))["messages"] if each.get("from", {}).get("is_bot")]
    assert len(said) == 1
    assert said[0]["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/agora_demo_bot"
    channel = (await stage.get("chats/-1002"))["messages"]
    assert [each for each in channel if each.get("from", {}).get("is_bot")] == []


@pytest.mark.parametrize(
    "update",
    [
        {"poll": {"id": "1", "question": "?", "options": []}},
        {"message_reaction": {"chat": {"id": 101, "type": "private"}, "message_id": 1, "date": 1}},
        {"something_new": {"from": {"id": 101}}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel"}, "text": "x"}},
        {
            "inline_query": {
                "id": "1",
                "from": {"id": 101, "is_bot": False, "first_name": "A"},
                "query": "",
                "offset": "",
            }
        },
        {
            "message": {
                "message_id": 9,
                "date": 1,
                "chat": {"id": 101, "type": "private", "first_name": "A"},
                "from": {"id": 101, "is_bot": False, "first_name": "A"},
                "pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 101, "type": "private"}},
            }
        },
        {},
    ],
    ids=["poll", "reaction", "unknown", "channel", "inline", "service message", "empty"],
)
async def test_updates_that_are_nothing_to_us_are_passed_over_in_silence(
    stage: Stage, update: dict[str, object]
) -> None:
    ada = await stage.person(101)
    await stage.post("updates", update)
    await ada.ask("/help")
    assert len(await ada.heard()) == 1


@pytest.mark.parametrize(
    "data",
    [
        "",
        "reg",
        "reg:nothing",
        "reg:smart-specialisation:x",
        "cancel:1",
        "cancel:-1",
        "cancel:99999999999999999999",
        "send:1",
        "export:csv",
        "cap:smart-specialisation:0",
        "in:1",
        "show:coordinator:0",
        "show:agenda:999999",
        "lang:xx",
        "\x00",
        "💥",
    ],
)
async def test_a_forged_button_changes_nothing(stage: Stage, data: str) -> None:
    ada, eve = await stage.person(101), await stage.person(666, "Eve")
    await ada.register()
    message = await eve.ask("/start")
    await eve.forge(message["message_id"], data)
    await eve.ask("/help")
    assert stage.rows("SELECT person, status FROM registrations") == [(101, "confirmed")]
    assert stage.rows("SELECT capacity FROM sessions") == [(120,)]
    assert stage.rows("SELECT count(*) FROM registrations WHERE checked_in_at IS NOT NULL") == [(0,)]


async def test_a_button_of_a_message_that_is_gone_still_gets_an_answer(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("/start")
    note = await ada.forge(99_999, "show:agenda:0")
    assert note == ""
    await ada.hears(TITLE)


async def test_one_can_see_get_and_delete_ones_data(stage: Stage) -> None:
    ada = await stage.person(101, "Ada", last_name="Lovelace")
    await ada.register()
    policy = await ada.ask("/privacy")
    assert "8 November 2019" in text_of(policy)
    file = await ada.press(policy, "📄")
    assert file["document"]["file_name"] == "my-data.json"
    question = await ada.press(await ada.ask("/privacy"), "🗑")
    deleted = await ada.press(question, "✅")
    assert text_of(deleted) == "Everything that I kept of you is deleted. If you write again, we start afresh."
    assert stage.rows("SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM registrations)") == [(0, 0)]
    assert all("Lovelace" not in str(row) for row in stage.rows("SELECT body FROM inbox"))


async def test_a_language_that_nobody_speaks_here_is_answered_in_the_events_own(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        ada = await stage.person(101, language_code="xx-yy")
        assert text_of(await ada.ask("/start")).startswith("👋 Welcome to")


async def test_the_log_names_neither_people_nor_the_token(stage: Stage) -> None:
    ada = await stage.person(101, "Adaline", last_name="Lovelacee")
    await ada.ask("my secret question is whether there is parking")
    await ada.register()
    log = stage.bot.log
    assert "Adaline" not in log
    assert "secret question" not in log
    assert "stand-in-token" not in log
