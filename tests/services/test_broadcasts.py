"""An announcement is drafted, sent once, followed, and reported on truthfully."""

from datetime import timedelta

import pytest

from bot.messages import broadcasts as messages
from bot.messages.message import Content, Copy, Edit, Message, from_json, to_json
from bot.services.broadcasts import NAMED, Broadcasts
from bot.services.ports import Blocked, Delivery, Refused
from bot.storage import broadcasts, outbox
from bot.storage.database import Transaction
from bot.storage.outbox import Finished, Lane
from tests.builders import COORDINATOR, NOON, House, NotedMessenger, send_all, wording

TEXT = Message("The talk begins at <5>!", verbatim=True)
ANOTHER_COORDINATOR, PROGRESS = 901, 55


async def draft(home: House, content: Message | Copy = TEXT) -> tuple[int, int]:
    async with home.database.transaction() as tx:
        return await Broadcasts(home.people).draft(tx, COORDINATOR, content, home.now)


async def send(home: House, number: int, coordinator: int = COORDINATOR, progress: int | None = PROGRESS) -> int | None:
    async with home.database.transaction() as tx:
        return await Broadcasts(home.people).send(tx, number, coordinator, progress, home.now)


async def follow(home: House, service: Broadcasts) -> list[Content]:
    """What the coordinator is shown now."""
    async with home.database.transaction() as tx:
        items = await service.follow(tx, home.now)
    assert {each.chat for each in items} <= {COORDINATOR}
    return [from_json(each.content) for each in items]


async def finish(home: House, *ends: tuple[str, str | None]) -> None:
    """The next messages of the broadcast end like this."""
    async with home.database.transaction() as tx:
        items = await outbox.waiting(tx, Lane.BULK, 0, len(ends))
        await outbox.finish(
            tx,
            [Finished(item, state, home.now, reason=why) for item, (state, why) in zip(items, ends, strict=True)],
        )


async def state(tx: Transaction, number: int) -> str:
    found = await broadcasts.find(tx, number)
    assert found is not None
    return found.state


async def test_a_draft_is_kept_as_it_is_and_sends_nothing(home: House) -> None:
    await home.register(1, 2, 3)
    assert await draft(home) == (1, 3)
    assert await draft(home, Copy(COORDINATOR, 12)) == (2, 3)
    assert await home.rows("SELECT coordinator, content, state FROM broadcasts") == [
        (COORDINATOR, to_json(TEXT), "draft"),
        (COORDINATOR, to_json(Copy(COORDINATOR, 12)), "draft"),
    ]
    assert await home.outbox() == []


async def test_it_is_sent_once_however_often_the_button_is_pressed(home: House) -> None:
    await home.register(1, 2, 3)
    number, _ = await draft(home)
    assert [await send(home, number) for _ in range(3)] == [3, None, None]
    assert await home.outbox() == [(id, f"broadcast:1:{id}", "waiting") for id in (1, 2, 3)]


async def test_it_goes_to_those_who_are_registered_when_it_is_sent(home: House) -> None:
    await home.register(1, 2)
    number, recipients = await draft(home)
    await home.cancel(1, 1)
    await home.register(3, 4)
    assert (recipients, await send(home, number)) == (2, 3)
    assert [chat for chat, _, _ in await home.outbox()] == [2, 3, 4]


@pytest.mark.parametrize("number", [1, 77])
async def test_nobody_sends_or_drops_what_is_anothers_or_was_never_drafted(home: House, number: int) -> None:
    await home.register(1)
    await draft(home)
    assert await send(home, number, ANOTHER_COORDINATOR) is None
    async with home.database.transaction() as tx:
        assert not await Broadcasts(home.people).drop(tx, number, ANOTHER_COORDINATOR)
        assert await state(tx, 1) == "draft"
    assert await home.outbox() == []


async def test_what_was_thrown_away_is_not_sent_and_what_was_sent_not_thrown_away(home: House) -> None:
    await home.register(1)
    dropped, _ = await draft(home)
    sent, _ = await draft(home)
    service = Broadcasts(home.people)
    await send(home, sent)
    async with home.database.transaction() as tx:
        assert [await service.drop(tx, number, COORDINATOR) for number in (dropped, dropped, sent)] == [
            True,
            False,
            False,
        ]
        assert (await state(tx, dropped), await state(tx, sent)) == ("dropped", "sending")
    assert await send(home, dropped) is None


async def test_progress_is_shown_when_there_is_news_and_not_more_often_than_bearable(home: House) -> None:
    await home.register(1, 2, 3, 4, 5)
    service = Broadcasts(home.people)
    await send(home, (await draft(home))[0])
    words = wording(home.event)

    def progress(sent: int, not_reached: int) -> list[Content]:
        return [Edit(PROGRESS, messages.progress(words, sent, not_reached, 5))]

    assert await follow(home, service) == []
    await finish(home, ("sent", None))
    assert await follow(home, service) == progress(1, 0)
    await finish(home, ("blocked", "blocked"))
    home.clock.move(timedelta(seconds=1))
    assert await follow(home, service) == []
    home.clock.move(timedelta(seconds=1))
    assert await follow(home, service) == progress(1, 1)
    home.clock.move(timedelta(minutes=1))
    assert await follow(home, service) == []
    # A clock that was set back is no reason to fall silent.
    home.clock.move(timedelta(hours=-1))
    await finish(home, ("sent", None))
    assert await follow(home, service) == progress(2, 1)


async def test_it_ends_with_a_report_of_who_was_reached_and_who_was_not_and_why(home: House) -> None:
    await home.register(1, 2, 3, 4, 5)
    await send(home, (await draft(home))[0])
    await finish(
        home, ("sent", None), ("blocked", "blocked"), ("gave up", "refused"), ("gave up", "unreachable"), ("sent", None)
    )
    service, words = Broadcasts(home.people), wording(home.event)
    report = messages.report(
        words, 2, (("blocked", 1), ("refused", 1), ("unreachable", 1)), ["Person 2", "Person 3", "Person 4"]
    )
    assert await follow(home, service) == [Edit(PROGRESS, messages.finished(words)), report]
    assert await follow(home, service) == []
    assert report.text == (
        "📣 <b>Your announcement reached 2 people.</b>\n"
        "• 1 person has blocked the bot or left Telegram.\n"
        "• 1 message was refused by Telegram.\n"
        "• 1 person could not be reached: Telegram did not take the message.\n"
        "Not reached: Person 2, Person 3, Person 4"
    )


async def test_a_report_names_so_many_and_counts_the_rest(home: House) -> None:
    many = NAMED + 5
    await home.register(*range(1, many + 1))
    await send(home, (await draft(home))[0])
    await finish(home, *[("blocked", "blocked")] * many)
    _, report = await follow(home, Broadcasts(home.people))
    assert isinstance(report, Message)
    assert report.text.count("Person") == NAMED
    assert report.text.endswith("… and 5 more")


async def test_an_announcement_to_nobody_ends_at_once(home: House) -> None:
    await send(home, (await draft(home))[0], progress=None)
    words = wording(home.event)
    assert await follow(home, Broadcasts(home.people)) == [messages.report(words, 0, (), [])]


async def test_it_arrives_verbatim_and_a_restart_in_the_middle_finishes_it(home: House) -> None:
    await home.register(1, 2, 3)
    await send(home, (await draft(home))[0])

    def judge(chat: int, _content: object, _before: int) -> Delivery:
        return Blocked() if chat == 2 else Refused("no")

    await finish(home, ("sent", None))
    messenger = NotedMessenger(judge)
    await send_all(home, messenger)
    assert messenger.handed_over == [(2, TEXT), (3, TEXT)]
    _, report = await follow(home, Broadcasts(home.people))
    assert report == messages.report(wording(home.event), 1, (("blocked", 1), ("refused", 1)), ["Person 2", "Person 3"])


async def test_who_asked_to_be_forgotten_is_not_named(home: House) -> None:
    await home.register(1, 2)
    await send(home, (await draft(home))[0])
    await finish(home, ("blocked", "blocked"), ("blocked", "blocked"))
    async with home.database.transaction() as tx:
        await tx.run("DELETE FROM registrations WHERE person = 1")
        await tx.run("DELETE FROM people WHERE id = 1")
        assert await broadcasts.unreached(tx, 1, 9) == ["Person 2"]


async def test_reports_speak_the_coordinators_language_and_name_people_safely(home: House) -> None:
    words = wording(home.event)
    report = messages.report(words, 0, (("blocked", 1),), ["<b>Ada</b> & Co"])
    assert report.text.splitlines()[-1] == "Not reached: &lt;b&gt;Ada&lt;/b&gt; &amp; Co"
    assert home.now == NOON
