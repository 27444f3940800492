"""Announcements: a preview, a question, progress, a report, and nothing lost on the way."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.stage import Stage, Visitor, captions, eventually, staged, text_of

NEWS = "New room: <b>315 & 316</b>!\n  Please tell your neighbours. 🎉"


@pytest.fixture
async def people(stage: Stage) -> list[Visitor]:
    everybody = [await stage.person(100 + number, f"P{number}") for number in range(5)]
    for each in everybody:
        await each.register()
    return everybody


async def test_everybody_registered_gets_it_to_the_letter(stage: Stage, people: list[Visitor]) -> None:
    clara, stranger = await stage.coordinator(), await stage.person(500, "Stranger")
    await stranger.ask("/start")
    preview = await clara.ask(f"/broadcast {NEWS}")
    assert text_of(preview) == NEWS
    question = await clara.message_after(preview["message_id"])
    assert text_of(question) == "⬆️ This goes to 5 people, exactly as it stands. Send it?"
    assert (captions(question)[0], captions(question)[-1]) == ("✅ Send to 5 people", "❌ Do not send")
    assert [(await each.heard()).count(NEWS) for each in people] == [0] * 5
    await clara.tap(question, "✅")
    await clara.hears("Your announcement reached 5 people.")
    assert [(await each.heard()).count(NEWS) for each in people] == [1] * 5
    assert NEWS not in await stranger.heard()


async def test_no_means_that_nothing_is_sent(stage: Stage, people: list[Visitor]) -> None:
    clara = await stage.coordinator()
    question = await clara.message_after((await clara.ask(f"/broadcast {NEWS}"))["message_id"])
    assert text_of(await clara.press(question, "❌")) == "Nothing was sent."
    assert [(await each.heard()).count(NEWS) for each in people] == [0] * 5


async def test_a_doubled_yes_sends_once(stage: Stage, people: list[Visitor]) -> None:
    clara = await stage.coordinator()
    question = await clara.message_after((await clara.ask(f"/broadcast {NEWS}"))["message_id"])
    for _ in range(3):
        await clara.tap(question, "✅")
    await clara.hears("Your announcement reached 5 people.")
    assert [(await each.heard()).count(NEWS) for each in people] == [1] * 5


async def test_the_report_tells_who_was_not_reached_and_why(stage: Stage, people: list[Visitor]) -> None:
    clara = await stage.coordinator()
    await stage.trouble(block=101)
    await stage.trouble(deactivate=102)
    await stage.trouble(kind="500", method="sendMessage", chat_id=103, times=2)
    question = await clara.message_after((await clara.ask(f"/broadcast {NEWS}"))["message_id"])
    await clara.tap(question, "✅")
    await clara.hears("Your announcement reached 3 people.")
    report = next(text for text in await clara.heard() if "reached 3" in text)
    assert report.splitlines()[1:] == [
        "• 2 people have blocked the bot or left Telegram.",
        "Not reached: P1, P2",
    ]


async def test_a_broadcast_by_reply_sends_a_copy_of_any_message(stage: Stage, people: list[Visitor]) -> None:
    clara = await stage.coordinator()
    photo = await clara.say(None, photo=True, caption="The way to the new room")
    await clara.message_after(photo["message_id"])
    copy = await clara.ask("/broadcast", reply_to_message_id=photo["message_id"])
    assert text_of(copy) == "The way to the new room"
    await clara.tap(await clara.message_after(copy["message_id"]), "✅")
    await clara.hears("Your announcement reached 5 people.")
    for each in people:
        assert [m["photo"] != [] for m in await each.messages() if m.get("caption") == "The way to the new room"] == [
            True
        ]


async def test_a_message_that_changes_after_its_preview_is_not_sent(stage: Stage, people: list[Visitor]) -> None:
    clara = await stage.coordinator()
    original = await clara.say("Room 315")
    await clara.message_after(original["message_id"])
    preview = await clara.ask("/broadcast", reply_to_message_id=original["message_id"])
    question = await clara.message_after(preview["message_id"])
    await clara.say("Room 999", edit_message_id=original["message_id"])
    await clara.hears("You have changed the message")
    await clara.tap(question, "✅")
    await clara.ask("/stats")
    assert stage.rows("SELECT state FROM broadcasts") == [("dropped",)]
    assert [[text for text in await each.heard() if text.startswith("Room")] for each in people] == [[]] * 5


async def test_by_buttons_alone_the_next_message_is_what_is_sent(stage: Stage, people: list[Visitor]) -> None:
    clara = await stage.coordinator()
    menu = await clara.press(await clara.ask("/start"), "🛠")
    await clara.press(menu, "📣")
    preview = await clara.ask(NEWS)
    await clara.tap(await clara.message_after(preview["message_id"]), "✅")
    await clara.hears("Your announcement reached 5 people.")
    assert [(await each.heard()).count(NEWS) for each in people] == [1] * 5


async def test_without_anybody_registered_nothing_is_sent(stage: Stage) -> None:
    clara = await stage.coordinator()
    question = await clara.message_after((await clara.ask("/broadcast hello"))["message_id"])
    assert text_of(question).startswith("⬆️ There is nobody to send it to at the moment.")
    assert not any(caption.startswith("✅") for caption in captions(question))


async def test_a_broadcast_goes_on_by_itself_after_a_kill(stage: Stage) -> None:
    everybody = [await stage.person(1000 + number, f"P{number}") for number in range(60)]
    for each in everybody:
        await each.register()
    clara = await stage.coordinator()
    question = await clara.message_after((await clara.ask(f"/broadcast {NEWS}"))["message_id"])
    await stage.trouble(latency_ms=200)
    await clara.tap(question, "✅")
    await eventually(lambda: stage.rows("SELECT count(*) FROM outbox WHERE broadcast = 1")[0][0] == 60)
    await stage.bot.kill()
    await stage.trouble(latency_ms=0)
    await stage.bot.start()
    await clara.hears("Your announcement reached 60 people.")
    counts = [(await each.heard()).count(NEWS) for each in everybody]
    assert min(counts) == 1
    assert sum(counts) - 60 <= 48


async def test_progress_is_shown_and_people_are_answered_while_a_broadcast_runs(tmp_path: Path) -> None:
    async with staged(tmp_path, MESSAGES_PER_SECOND="20") as stage:
        everybody = [await stage.person(1000 + number, f"P{number}") for number in range(50)]
        for each in everybody:
            await each.say("/register")
        for each in everybody:
            await each.hears("Shall I keep you a seat")
        for each in everybody:
            await each.tap((await each.messages())[-1], "✅")
        await eventually(lambda: stage.rows("SELECT count(*) FROM registrations") == [(50,)])
        clara = await stage.coordinator()
        question = await clara.message_after((await clara.ask(f"/broadcast {NEWS}"))["message_id"])
        await clara.tap(question, "✅")
        await clara.hears(" of 50")
        stranger = await stage.person(500, "Stranger")
        asked = asyncio.get_running_loop().time()
        await stranger.ask("/help")
        assert asyncio.get_running_loop().time() - asked < 1
        assert stage.rows("SELECT count(*) FROM outbox WHERE broadcast = 1 AND state = 'waiting'")[0][0] > 0
        await clara.hears("Your announcement reached 50 people.")
