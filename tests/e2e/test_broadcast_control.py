"""Announcements under control: to whom, when, stopped, corrected, taken back; and the truth about each."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.announcing import (
    COUNTDOWN,
    announce,
    draft,
    draft_of_copy,
    gather_registered,
    heard_by,
    let_go,
    said,
    settled,
    take_seat,
    two_sessions,
    written,
)
from tests.e2e.stage import Stage, Visitor, captions, data_of, eventually, is_from_bot, staged, text_of

NEWS = "Room 315 instead of 313!"


@pytest.fixture
async def people(stage: Stage) -> list[Visitor]:
    return await gather_registered(stage, 4)


@pytest.fixture
async def clara(stage: Stage) -> Visitor:
    return await stage.coordinator()


async def aimed(clara: Visitor, text: str, *choices: str) -> dict[str, Any]:
    """The question of a draft after buttons of the choice of people were pressed."""
    shown = await clara.press(await draft(clara, text), "👥 To others")
    for choice in choices:
        shown = await clara.press(shown, choice)
    return await clara.press(shown, "⬅️ Back")


async def texts(visitor: Visitor, among: list[str]) -> set[str]:
    return set(await visitor.heard()) & set(among)


async def test_by_buttons_it_goes_to_those_with_a_seat_or_waiting_or_checked_in(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=two_sessions(tmp_path, seats=2)) as stage:
        clara = await stage.coordinator()
        ada, bob, cyd, dan = [
            await stage.person(id, name) for id, name in ((101, "Ada"), (102, "Bob"), (103, "Cyd"), (104, "Dan"))
        ]
        for each in (ada, bob, cyd):
            await take_seat(each, "Smart")
        await dan.ask("/help")
        await clara.forge((await clara.ask("/checkin"))["message_id"], "in:1")
        choice = await clara.press(await draft(clara, "nobody gets this"), "👥 To others")
        assert captions(choice) == [
            "Everybody who has written to me (5)",
            "● Everybody registered (3)",
            "With a seat (2)",
            "On the waiting list (1)",
            "Checked in (1)",
            "With a seat, not checked in (1)",
            "🗓 Session: All sessions",
            "⬅️ Back",
        ]
        choices = ["Everybody who", "With a seat (", "On the waiting list", "Checked in", "With a seat, not"]
        for choice_of in choices:
            question = await aimed(clara, choice_of, choice_of)
            assert text_of(question).splitlines()[1].startswith(f"To: {choice_of.removesuffix(' (')}")
            await clara.press(question, "✅")
        await stage.post("clock", {"advance_seconds": COUNTDOWN})
        await settled(stage)
        assert [await texts(each, choices) for each in (ada, bob, cyd, dan)] == [
            {"Everybody who", "With a seat (", "Checked in"},
            {"Everybody who", "With a seat (", "With a seat, not"},
            {"Everybody who", "On the waiting list"},
            {"Everybody who"},
        ]


async def test_by_buttons_it_goes_to_those_of_one_session_or_one_language(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=two_sessions(tmp_path)) as stage:
        clara = await stage.coordinator()
        ada, bob = await stage.person(101, "Ada"), await stage.person(102, "Bob", language_code="fr-BE")
        await take_seat(ada, "Smart")
        await take_seat(bob, "Workshop")
        question = await aimed(clara, "the workshop", "🗓", "Workshop")
        assert text_of(question) == (
            "⬆️ This goes to 1 person, exactly as it stands. Send it?\n"
            "To: Everybody registered · Workshop: from a cluster to a value chain"
        )
        await clara.press(question, "✅")
        question = await aimed(clara, "parlez-vous", "🌐", "Français")
        assert text_of(question).splitlines()[1] == "To: Everybody registered · Français"
        await clara.press(question, "✅")
        question = await aimed(clara, "neither", "🗓", "Smart", "🌐", "Français")
        assert text_of(question).splitlines()[0] == (
            "⬆️ There is nobody to send it to at the moment. You can choose others."
        )
        await stage.post("clock", {"advance_seconds": COUNTDOWN})
        await settled(stage)
        sent = ["the workshop", "parlez-vous", "neither"]
        assert [await texts(each, sent) for each in (ada, bob)] == [set(), {"the workshop", "parlez-vous"}]


async def test_a_test_goes_to_the_coordinator_alone_and_the_draft_still_stands(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    question = await draft(clara, NEWS)
    await clara.tap(question, "🧪")
    await clara.hears(NEWS, times=2)
    assert await heard_by(people, NEWS) == [0] * 4
    await let_go(stage, clara, question)
    await said(clara, "Your announcement reached 4 people.")
    assert await heard_by(people, NEWS) == [1] * 4


async def test_within_ten_seconds_one_can_think_better_of_it(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    countdown = await clara.press(await draft(clara, NEWS), "✅")
    assert text_of(countdown) == "⏳ In 10 seconds.\nYour announcement goes to 4 people."
    assert captions(countdown) == ["❌ Stop"]
    await clara.tap(countdown, "❌")
    await clara.hears("Nothing was sent.")
    await stage.post("clock", {"advance_seconds": COUNTDOWN})
    await clara.ask("/stats")
    assert stage.rows("SELECT state, stopped_at IS NOT NULL FROM broadcasts") == [("done", 1)]
    assert stage.rows("SELECT count(*) FROM outbox WHERE broadcast IS NOT NULL") == [(0,)]
    assert await heard_by(people, NEWS) == [0] * 4


async def test_nobody_gets_it_before_the_ten_seconds_are_over(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    countdown = await clara.press(await draft(clara, NEWS), "✅")
    await stage.post("clock", {"advance_seconds": 5})
    await eventually(lambda: text_is(clara, countdown["message_id"], "⏳ In 10 seconds.", False))
    assert await heard_by(people, NEWS) == [0] * 4
    await stage.post("clock", {"advance_seconds": 6})
    await said(clara, "Your announcement reached 4 people.")


async def text_is(visitor: Visitor, message_id: int, beginning: str, wanted: bool = True) -> bool:
    """Whether the message reads so now."""
    message = next(each for each in await visitor.messages() if each["message_id"] == message_id)
    return text_of(message).startswith(beginning) is wanted


async def test_a_moment_that_is_tapped_survives_a_kill(stage: Stage, people: list[Visitor], clara: Visitor) -> None:
    moments = await clara.press(await draft(clara, NEWS), "🕒 Later")
    assert captions(moments) == [
        "Monday, 7 October 2019, 13:00",
        "Tuesday, 8 October 2019, 09:00",
        "Wednesday, 9 October 2019, 15:30",
        "Wednesday, 9 October 2019, 16:30",
        "Wednesday, 9 October 2019, 19:00",
        "⬅️ Back",
    ]
    waits = await clara.press(moments, "Tuesday")
    assert text_of(waits) == (
        "🕒 This goes out on Tuesday, 8 October 2019, 09:00 (Brussels time). To: Everybody registered."
    )
    await written(stage)
    await stage.bot.kill()
    await stage.bot.start()
    await stage.set_clock(datetime.fromisoformat("2019-10-08T08:59:00+02:00"))
    menu = await clara.ask("/broadcast")
    assert captions(menu) == ["🕒 Tuesday, 8 October 2019, 09:00", "❌ Not now"]
    assert await heard_by(people, NEWS) == [0] * 4
    await stage.set_clock(datetime.fromisoformat("2019-10-08T09:00:00+02:00"))
    await said(clara, "Your announcement reached 4 people.")
    assert await heard_by(people, NEWS) == [1] * 4


async def test_a_moment_that_is_typed_and_passes_while_the_bot_is_down_is_made_up_for(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    await clara.press(await draft(clara, NEWS), "🕒 Later")
    assert text_of(await clara.ask("when it suits you")).startswith("I could not read that as a moment.")
    assert text_of(await clara.ask("2019-10-07 11:00")).startswith("That moment is over already.")
    question = await clara.ask("8.10. 16:20")
    assert text_of(question) == (
        "🕒 Send it on Tuesday, 8 October 2019, 16:20 (Brussels time)?\nTo: Everybody registered, as of then (4 today)."
    )
    await clara.press(question, "✅")
    late = await stage.person(500, "Late")
    await late.register()
    await written(stage)
    await stage.bot.kill()
    await stage.set_clock(datetime.fromisoformat("2019-10-08T17:00:00+02:00"))
    await stage.bot.start()
    await said(clara, "Your announcement reached 5 people.")
    assert await heard_by([*people, late], NEWS) == [1] * 5


async def test_what_is_scheduled_can_be_taken_back_before(stage: Stage, people: list[Visitor], clara: Visitor) -> None:
    await clara.press(await clara.press(await draft(clara, NEWS), "🕒 Later"), "Tuesday")
    shown = await clara.press(await clara.press(await clara.ask("/broadcast"), "🕒 Tuesday"), "❌")
    await clara.hears("Nothing was sent.")
    assert text_of(shown) in ("Nothing was sent.", "🕒 This goes out on Tuesday")
    await stage.set_clock(datetime.fromisoformat("2019-10-08T10:00:00+02:00"))
    await clara.ask("/stats")
    assert await heard_by(people, NEWS) == [0] * 4


async def test_stopped_in_the_middle_the_report_says_who_got_it_and_how_many_did_not(tmp_path: Path) -> None:
    async with staged(tmp_path, MESSAGES_PER_SECOND="20") as stage:
        clara = await stage.coordinator()
        people = await gather_registered(stage, 30)
        progress = await let_go(stage, clara, await draft(clara, NEWS))
        await eventually(lambda: progress_has_begun(stage))
        await clara.forge(progress["message_id"], "stop:1")
        report = await said(clara, "Your announcement reached ")
        reached = sum(await heard_by(people, NEWS))
        assert 0 < reached < 30
        assert text_of(report).splitlines() == [
            f"📣 Your announcement reached {reached} {'person' if reached == 1 else 'people'}.",
            f"• {30 - reached} {'person was' if reached == 29 else 'people were'} not written to, "
            "since it was stopped.",
        ]
        assert captions(report) == ["✏️ Correct it everywhere", "🗑 Take it back", "🛠 Coordinator"]
        await clara.hears("📣 Stopped. The report is below.")


def progress_has_begun(stage: Stage) -> bool:
    return int(stage.rows("SELECT count(*) FROM outbox WHERE broadcast = 1 AND state = 'sent'")[0][0]) > 3


async def test_a_correction_changes_the_text_in_every_chat_and_is_no_new_message(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    report = await announce(stage, clara, NEWS, 4)
    counts = [len(await each.messages()) for each in people]
    await clara.press(report, "✏️")
    preview = await clara.ask("Room 316 <after> all & for good")
    assert text_of(preview) == "Room 316 <after> all & for good"
    question = await clara.message_after(preview["message_id"])
    assert text_of(question) == "⬆️ Change it to this in 4 chats?"
    await let_go(stage, clara, question)
    await said(clara, "4 copies now say what you wrote.")
    assert await heard_by(people, NEWS) == [0] * 4
    assert await heard_by(people, "Room 316 <after> all & for good") == [1] * 4
    assert [len(await each.messages()) for each in people] == counts


async def test_a_correction_after_a_restart_finds_every_copy_also_of_a_caption(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    _, question = await draft_of_copy(clara, photo=True, caption="The way to room 315")
    await let_go(stage, clara, question)
    report = await said(clara, "Your announcement reached 4 people.")
    await settled(stage)
    await stage.bot.kill()
    await stage.bot.start()
    await clara.press(report, "✏️")
    question = await clara.message_after((await clara.ask("The way to room 316"))["message_id"])
    await let_go(stage, clara, question)
    await said(clara, "4 copies now say what you wrote.")
    shown = [[(m["caption"], bool(m["photo"])) for m in await each.messages() if "photo" in m] for each in people]
    assert shown == [[("The way to room 316", True)]] * 4


async def test_a_correction_goes_on_by_itself_after_a_kill(stage: Stage, people: list[Visitor], clara: Visitor) -> None:
    report = await announce(stage, clara, NEWS, 4)
    await clara.press(report, "✏️")
    question = await clara.message_after((await clara.ask("Room 316"))["message_id"])
    await stage.trouble(kind="delay", method="editMessageText", delay_ms=1500, times=None)
    await clara.tap(question, "✅")
    await eventually(lambda: stage.rows("SELECT state FROM broadcasts WHERE number = 2") == [("sending",)])
    await stage.post("clock", {"advance_seconds": COUNTDOWN})
    await eventually(lambda: stage.rows("SELECT count(*) FROM outbox WHERE broadcast = 2") == [(4,)])
    await stage.bot.kill()
    await stage.fair_weather()
    await stage.bot.start()
    await said(clara, "4 copies now say what you wrote.")
    assert await heard_by(people, "Room 316") == [1] * 4


async def test_changing_the_message_that_was_copied_offers_to_change_the_copies(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    original = await clara.say("Room 315, please")
    await clara.message_after(original["message_id"])
    preview = await clara.ask("/broadcast", reply_to_message_id=original["message_id"])
    await let_go(stage, clara, await clara.message_after(preview["message_id"]))
    await said(clara, "Your announcement reached 4 people.")
    await clara.say("Room 316, please", edit_message_id=original["message_id"])
    question = await said(clara, "You have changed a message")
    assert text_of(question) == (
        "✏️ You have changed a message that went to 4 people. Shall I change their copies, too?"
    )
    assert captions(question) == ["✅ Change it in 4 chats", "❌ Leave it as it is"]
    await let_go(stage, clara, question)
    await said(clara, "4 copies now say what you wrote.")
    assert await heard_by(people, "Room 316, please") == [1] * 4


async def test_changing_the_caption_of_a_command_does_not_put_the_command_into_the_copies(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    original = await clara.say(None, photo=True, caption="/broadcast Room 315")
    preview = await clara.message_after(original["message_id"])
    await let_go(stage, clara, await clara.message_after(preview["message_id"]))
    await said(clara, "Your announcement reached 4 people.")
    assert await heard_by(people, "Room 315") == [1] * 4
    await clara.say(None, photo=True, caption="/broadcast Room 316", edit_message_id=original["message_id"])
    await let_go(stage, clara, await said(clara, "You have changed a message"))
    await said(clara, "4 copies now say what you wrote.")
    assert [[text for text in await each.heard() if "Room 316" in text] for each in people] == [["Room 316"]] * 4


async def test_changing_the_message_before_its_scheduled_copies_go_out_leaves_no_question_without_an_answer(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    original = await clara.say("Room 315, please")
    await clara.message_after(original["message_id"])
    preview = await clara.ask("/broadcast", reply_to_message_id=original["message_id"])
    moments = await clara.press(await clara.message_after(preview["message_id"]), "🕒 Later")
    await clara.press(moments, "Tuesday")
    await clara.say("Room 316, please", edit_message_id=original["message_id"])
    await clara.ask("/stats")
    offered = [each for each in await clara.messages() if "You have changed" in text_of(each)]
    answers = [
        await clara.forge(each["message_id"], data_of(each, "✅"))
        for each in offered
        if any(caption.startswith("✅") for caption in captions(each))
    ]
    assert "This announcement has been decided on already." not in answers
    assert not any("went to" in text_of(each) for each in offered), "it has gone to nobody yet"


async def test_taken_back_it_is_gone_from_every_chat(stage: Stage, people: list[Visitor], clara: Visitor) -> None:
    report = await announce(stage, clara, NEWS, 4)
    question = await clara.press(report, "🗑")
    assert text_of(question) == "🗑 Delete it from 4 chats? Whoever has read it has read it."
    await let_go(stage, clara, question)
    assert text_of(await said(clara, "4 copies were taken back")) == "🗑 4 copies were taken back."
    assert await heard_by(people, NEWS) == [0] * 4


async def test_a_copy_that_was_taken_back_before_the_connection_broke_counts_as_taken_back(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    report = await announce(stage, clara, NEWS, 4)
    await stage.trouble(kind="drop_after", method="deleteMessage", chat_id=people[2].id)
    await let_go(stage, clara, await clara.press(report, "🗑"))
    assert text_of(await said(clara, " were taken back.")) == "🗑 4 copies were taken back."
    assert await heard_by(people, NEWS) == [0] * 4


async def test_after_48_hours_the_report_says_that_copies_can_no_longer_be_taken_back(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    report = await announce(stage, clara, NEWS, 4)
    question = await clara.press(report, "🗑")
    await stage.post("clock", {"advance_seconds": 49 * 3600})
    assert text_of(await clara.press(report, "🗑")).splitlines() == [
        "🗑 Delete it from 0 chats? Whoever has read it has read it.",
        "• 4 copies are older than 48 hours, and Telegram no longer lets me delete them. They can still be corrected.",
    ]
    assert await clara.forge(question["message_id"], data_of(question, "✅")) == (
        "This announcement has been decided on already."
    )
    assert await heard_by(people, NEWS) == [1] * 4


async def test_copies_that_become_too_old_meanwhile_are_told_apart_in_the_report(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    report = await announce(stage, clara, NEWS, 4)
    countdown = await clara.press(await clara.press(report, "🗑"), "✅")
    assert text_of(countdown).startswith("⏳ In ")
    await stage.post("clock", {"advance_seconds": 49 * 3600})
    taken_back = await said(clara, "0 copies were taken back")
    assert text_of(taken_back).splitlines() == [
        "🗑 0 copies were taken back.",
        "• 4 copies are older than 48 hours, and Telegram no longer lets me delete them. They can still be corrected.",
        "Not reached: P0, P1, P2, P3",
    ]
    assert await heard_by(people, NEWS) == [1] * 4


async def test_photos_documents_and_places_reach_everybody_as_they_are(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    kinds = ["photo", "document", "location"]
    originals = []
    for kind in kinds:
        original, question = await draft_of_copy(clara, **{kind: True})
        originals.append(original[kind])
        await clara.press(question, "✅")
    await stage.post("clock", {"advance_seconds": COUNTDOWN})
    await settled(stage)
    copies = [
        [message[kind] for kind in kinds for message in await each.messages() if kind in message] for each in people
    ]
    assert copies == [originals] * 4
    await clara.hears("Your announcement reached 4 people.", times=3)
    reports = [each for each in await clara.messages() if "reached 4 people" in text_of(each)]
    assert ["✏️ Correct it everywhere" in captions(each) for each in reports] == [True, True, False]


async def test_the_file_of_those_who_were_not_reached_has_their_names_and_why(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    await (await stage.person(1000, "P0", username="pia")).ask("/status")
    await stage.trouble(deactivate=1000)
    await stage.trouble(deactivate=1002)
    await let_go(stage, clara, await draft(clara, NEWS))
    report = await said(clara, "Your announcement reached 2 people.")
    file = await clara.press(report, "📄 Who was not reached")
    assert (file["caption"], file["document"]["file_name"]) == ("2 people were not reached.", "not-reached.xlsx")
    content = stage.sandbox.world.files[file["document"]["file_id"]].content
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall("<t>(.*?)</t>", sheet) == [
        *("Name", "Telegram", "Why"),
        *("P0", "@pia", "has blocked the bot or left Telegram"),
        *("P2", "has blocked the bot or left Telegram"),
    ]


async def test_buttons_of_a_coordinator_that_a_stranger_forges_do_nothing(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    report = await announce(stage, clara, NEWS, 4)
    await draft(clara, "a second one")
    await clara.press(await draft(clara, "a third one"), "✅")
    stranger = await stage.person(500, "Eve")
    home = (await stranger.ask("/start"))["message_id"]
    fourth = await draft(clara, "a fourth one")
    at = int(datetime.fromisoformat("2019-10-08T09:00:00+02:00").timestamp())
    forged = [
        data_of(report, "✏️"),
        data_of(report, "🗑"),
        *(f"{code}:2" for code in ("test", "when?")),
        f"when:2:{at}",
        "stop:3",
        "missed:1",
        *(data_of(fourth, button) for button in ("✅", "👥", "🕒", "🧪", "❌")),
    ]
    before = stage.rows("SELECT number, state, stopped_at, audience FROM broadcasts ORDER BY number")
    answers = {await stranger.forge(home, data) for data in forged}
    assert answers == {"This button is no longer in use. Please use the newest message or /start."}
    assert stage.rows("SELECT number, state, stopped_at, audience FROM broadcasts ORDER BY number") == before
    assert len([each for each in await stranger.messages() if is_from_bot(each)]) == 1


async def test_two_announcements_to_the_same_people_keep_to_one_message_a_second_to_each(
    stage: Stage, people: list[Visitor], clara: Visitor
) -> None:
    questions = [await draft(clara, text) for text in ("the first", "the second")]
    for question in questions:
        await clara.press(question, "✅")
    await stage.trouble(rate_per_chat=1)
    await stage.post("clock", {"advance_seconds": COUNTDOWN})
    await settled(stage)
    ids = {str(each.id) for each in people}
    calls = [call for call in await stage.calls("sendMessage") if call["params"]["chat_id"] in ids]
    assert [call["status"] for call in calls if call["params"]["text"].startswith("the ")] == [200] * 8
    assert [call for call in calls if call["status"] == 429] == []
    assert await heard_by(people, "the first") == await heard_by(people, "the second") == [1] * 4
