"""An announcement is drafted, aimed, sent once, followed, reported on truthfully, corrected and taken back."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.attendance.audience import Audience, Who
from bot.attendance.registration import Status
from bot.messages import broadcasts as messages
from bot.messages.broadcasts import Outcome
from bot.messages.message import Amend, Content, Copy, Delete, Edit, Message, Part, from_json, to_json
from bot.services import broadcasts as module
from bot.services.broadcasts import COUNTDOWN, NAMED, Broadcasts
from bot.services.ports import Blocked, Delivery, Refused
from bot.storage import broadcasts, outbox, people, registrations
from bot.storage.broadcasts import DELETABLE, Broadcast, Kind
from bot.storage.database import Transaction
from bot.storage.outbox import Finished, Lane
from tests.builders import (
    COORDINATOR,
    NOON,
    START,
    House,
    NotedMessenger,
    event,
    house,
    person,
    send_all,
    session,
    wording,
)

TEXT = Message("The talk begins at <5>!", verbatim=True)
ANOTHER_COORDINATOR, PROGRESS = 901, 55
SECOND = timedelta(seconds=1)


async def draft(home: House, content: Message | Copy = TEXT) -> tuple[int, int]:
    """The draft's number, and how many people it would go to."""
    async with home.database.transaction() as tx:
        drafted = await Broadcasts(home.people).draft(tx, COORDINATOR, content, home.now)
        return drafted.broadcast.number, drafted.recipients


async def say_yes(
    home: House, number: int, coordinator: int = COORDINATOR, progress: int | None = PROGRESS
) -> int | None:
    """Confirms the draft: how many it goes to; None where it may not be sent."""
    async with home.database.transaction() as tx:
        sent = await Broadcasts(home.people).send(tx, number, coordinator, progress, home.now)
        return None if sent is None else sent.recipients


async def queue(home: House) -> None:
    """What a tick does: whatever is due now is queued."""
    await Broadcasts(home.people).queue_due(home.database, home.now, lambda: None)


async def send(home: House, number: int, progress: int | None = PROGRESS) -> None:
    """The yes, and ten seconds later."""
    assert await say_yes(home, number, progress=progress) is not None
    home.clock.move(COUNTDOWN)
    await queue(home)


async def stop(home: House, number: int) -> bool:
    async with home.database.transaction() as tx:
        return await Broadcasts(home.people).stop(tx, number, home.now)


async def follow(home: House, service: Broadcasts | None = None) -> list[Content]:
    """What the coordinator is shown now."""
    async with home.database.transaction() as tx:
        items = await (service or Broadcasts(home.people)).follow(tx, home.now)
    assert {each.chat for each in items} <= {COORDINATOR}
    return [from_json(each.content) for each in items]


async def finish(home: House, *ends: tuple[str, str | None]) -> None:
    """The next messages of the broadcast end like this."""
    async with home.database.transaction() as tx:
        items = await outbox.waiting(tx, Lane.BULK, 0, len(ends))
        await outbox.finish(
            tx,
            [
                Finished(item, state, home.now, message=100 + item.number if state == "sent" else None, reason=why)
                for item, (state, why) in zip(items, ends, strict=True)
            ],
        )


async def found(home: House, number: int) -> Broadcast:
    async with home.database.transaction() as tx:
        broadcast = await broadcasts.find(tx, number)
    assert broadcast is not None
    return broadcast


async def queued_for(home: House, number: int) -> list[object]:
    return [row[0] for row in await home.rows(f"SELECT chat FROM outbox WHERE broadcast = {number} ORDER BY chat")]


async def test_a_draft_is_kept_as_it_is_and_sends_nothing(home: House) -> None:
    await home.register(1, 2, 3)
    assert await draft(home) == (1, 3)
    assert await draft(home, Copy(COORDINATOR, 12)) == (2, 3)
    assert await home.rows("SELECT coordinator, content, state FROM broadcasts") == [
        (COORDINATOR, to_json(TEXT), "draft"),
        (COORDINATOR, to_json(Copy(COORDINATOR, 12)), "draft"),
    ]
    await queue(home)
    assert await home.outbox() == []


async def test_it_is_sent_once_however_often_the_button_is_pressed(home: House) -> None:
    await home.register(1, 2, 3)
    number, _ = await draft(home)
    assert [await say_yes(home, number) for _ in range(3)] == [3, None, None]
    home.clock.move(COUNTDOWN)
    for _ in range(3):
        await queue(home)
    assert await home.outbox() == [(id, f"broadcast:1:{id}", "waiting") for id in (1, 2, 3)]


async def test_for_ten_seconds_nothing_is_sent_and_it_can_be_stopped(home: House) -> None:
    await home.register(1)
    number, _ = await draft(home)
    await say_yes(home, number)
    home.clock.move(COUNTDOWN - SECOND)
    await queue(home)
    assert await home.outbox() == []
    assert [await stop(home, number) for _ in range(2)] == [True, False]
    assert await follow(home) == [Edit(PROGRESS, messages.dropped(wording(home.event)))]
    home.clock.move(COUNTDOWN)
    await queue(home)
    assert (await queued_for(home, number), (await found(home, number)).state) == ([], "done")
    assert not await stop(home, number)


async def test_the_seconds_that_are_left_are_counted_down(home: House) -> None:
    await home.register(1)
    service = Broadcasts(home.people)
    await say_yes(home, (await draft(home))[0])
    shown = []
    for _ in range(10):
        shown += [each.message.text.split("</b>")[0] for each in await follow(home, service) if isinstance(each, Edit)]
        home.clock.move(SECOND)
    assert shown == [f"⏳ In <b>{left} seconds" for left in (10, 8, 6, 4, 2)]


async def test_it_goes_to_those_who_are_registered_when_it_is_sent(home: House) -> None:
    await home.register(1, 2)
    number, recipients = await draft(home)
    await home.cancel(1, 1)
    await home.register(3, 4)
    await send(home, number)
    assert (recipients, (await found(home, number)).recipients) == (2, 3)
    assert await queued_for(home, number) == [2, 3, 4]


@pytest.mark.parametrize("number", [1, 77])
async def test_nobody_sends_or_drops_what_is_anothers_or_was_never_drafted(home: House, number: int) -> None:
    await home.register(1)
    await draft(home)
    assert await say_yes(home, number, ANOTHER_COORDINATOR) is None
    service = Broadcasts(home.people)
    async with home.database.transaction() as tx:
        assert await service.drop(tx, number, ANOTHER_COORDINATOR) is None
        assert await service.aim(tx, number, ANOTHER_COORDINATOR, home.now, who=Who.EVERYBODY) is None
        at = home.now + timedelta(hours=1)
        assert await service.schedule(tx, number, ANOTHER_COORDINATOR, None, at, home.now) is None
    assert (await found(home, 1)).state == "draft"
    assert await home.outbox() == []


async def test_what_was_thrown_away_is_not_sent_and_what_was_sent_not_thrown_away(home: House) -> None:
    await home.register(1)
    dropped, _ = await draft(home)
    sent, _ = await draft(home)
    service = Broadcasts(home.people)
    await say_yes(home, sent)
    async with home.database.transaction() as tx:
        ends = [await service.drop(tx, number, COORDINATOR) for number in (dropped, dropped, sent)]
    assert ends == [Kind.ANNOUNCEMENT, None, None]
    assert ((await found(home, dropped)).state, (await found(home, sent)).state) == ("dropped", "sending")
    assert await say_yes(home, dropped) is None


@pytest.mark.parametrize(
    ("audience", "people_reached"),
    [
        (Audience(), [1, 2, 3, 4, 5]),
        (Audience(Who.EVERYBODY), [1, 2, 3, 4, 5, 6, 7]),
        (Audience(Who.CONFIRMED), [1, 2, 4]),
        (Audience(Who.WAITING), [3, 5]),
        (Audience(Who.CHECKED_IN), [1]),
        (Audience(Who.NOT_CHECKED_IN), [2, 4]),
        (Audience(Who.REGISTERED, "workshop"), [4, 5]),
        (Audience(Who.WAITING, "workshop"), [5]),
        (Audience(Who.EVERYBODY, None, "pl"), [2, 4]),
        (Audience(Who.CONFIRMED, "talk", "pl"), [2]),
        (Audience(Who.CONFIRMED, "nowhere"), []),
    ],
)
async def test_it_can_be_aimed(tmp_path: Path, audience: Audience, people_reached: list[int]) -> None:
    """1 is here, 2 has a seat, 3 waits; 4 has a seat in the workshop and 5 is offered one; 6 has cancelled, 7 only
    wrote; 2 and 4 have Polish phones."""
    both = event(session(), session("workshop", capacity=1))
    async with house(tmp_path, both) as home:
        await home.register(6, 1, 2, 3)
        await home.cancel(6, 1)
        await home.register(5, 4, session="workshop")
        await home.meet(*(person(id, telegram_language="pl" if id in (2, 4) else "en-GB") for id in range(1, 8)))
        async with home.database.transaction() as tx:
            await registrations.cancel(tx, 5, home.now)
            await registrations.confirm(tx, 6, home.now)
            await registrations.add(tx, 5, "Person 5", "workshop", Status.WAITLISTED, 99, home.now)
            await registrations.confirm(tx, 3, home.now)
            await registrations.check_in(tx, 2, COORDINATOR, home.now)
        number, _ = await draft(home)
        service = Broadcasts(home.people)
        async with home.database.transaction() as tx:
            aimed = await service.aim(
                tx,
                number,
                COORDINATOR,
                home.now,
                who=audience.who,
                session=audience.session,
                language=audience.language,
            )
            assert aimed is not None
            assert (await service.audience_counts(tx, audience))[audience.who] == len(people_reached)
            assert await service.languages(tx) == ["en", "pl"]
        assert (aimed.broadcast.audience, aimed.recipients) == (audience, len(people_reached))
        if people_reached:
            await send(home, number)
        assert await queued_for(home, number) == people_reached


async def test_a_draft_for_nobody_is_not_sent(home: House) -> None:
    assert await say_yes(home, (await draft(home))[0]) is None


async def test_many_are_queued_a_part_at_a_time_and_after_a_crash_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    async with house(tmp_path, event(session(capacity=20))) as home:
        await home.register(*range(1, 11))
        number, _ = await draft(home)
        await say_yes(home, number)
        home.clock.move(COUNTDOWN)
        async with home.database.transaction() as tx:
            assert not await broadcasts.fill(tx, await found_in(tx, number), home.now, 4)
        assert await queued_for(home, number) == [1, 2, 3, 4]
        parts: list[int] = []
        await Broadcasts(home.people).queue_due(home.database, home.now, lambda: parts.append(len(parts)))
        assert await queued_for(home, number) == list(range(1, 11))
        assert parts == [0, 1]


async def found_in(tx: Transaction, number: int) -> Broadcast:
    broadcast = await broadcasts.find(tx, number)
    assert broadcast is not None
    return broadcast


async def test_progress_is_shown_when_there_is_news_and_not_more_often_than_bearable(home: House) -> None:
    await home.register(1, 2, 3, 4, 5)
    service = Broadcasts(home.people)
    number, _ = await draft(home)
    await send(home, number)
    words = wording(home.event)

    def progress(sent: int, not_reached: int) -> list[Content]:
        return [Edit(PROGRESS, messages.progress(words, "announcement", number, sent, not_reached, 5))]

    assert await follow(home, service) == progress(0, 0)
    await finish(home, ("sent", None))
    assert await follow(home, service) == []
    home.clock.move(2 * SECOND)
    assert await follow(home, service) == progress(1, 0)
    await finish(home, ("blocked", "blocked"))
    home.clock.move(SECOND)
    assert await follow(home, service) == []
    home.clock.move(SECOND)
    assert await follow(home, service) == progress(1, 1)
    home.clock.move(timedelta(minutes=1))
    assert await follow(home, service) == []


async def test_it_ends_with_a_report_of_who_was_reached_and_who_was_not_and_why(home: House) -> None:
    await home.register(1, 2, 3, 4, 5)
    await send(home, (await draft(home))[0])
    await finish(
        home, ("sent", None), ("blocked", "blocked"), ("gave up", "refused"), ("gave up", "unreachable"), ("sent", None)
    )
    service, words = Broadcasts(home.people), wording(home.event)
    missed = (("blocked", 1), ("refused", 1), ("unreachable", 1))
    outcome = Outcome(1, "announcement", 2, missed, ("Person 2", "Person 3", "Person 4"), correctable=True)
    report = messages.report(words, outcome)
    assert await follow(home, service) == [Edit(PROGRESS, messages.finished(words)), report]
    assert await follow(home, service) == []
    assert report.text == (
        "📣 <b>Your announcement reached 2 people.</b>\n"
        "• 1 person has blocked the bot or left Telegram.\n"
        "• 1 message was refused by Telegram.\n"
        "• 1 person could not be reached: Telegram did not take the message.\n"
        "Not reached: Person 2, Person 3, Person 4"
    )


async def test_a_report_names_so_many_counts_the_rest_and_the_file_has_them_all(home: House) -> None:
    many = NAMED + 5
    await home.register(*range(1, many + 1))
    number, _ = await draft(home)
    await send(home, number)
    await finish(home, *[("blocked", "blocked")] * many)
    _, report = await follow(home)
    assert isinstance(report, Message)
    assert report.text.count("Person") == NAMED
    assert report.text.endswith("… and 5 more")
    async with home.database.transaction() as tx:
        content, missed = await Broadcasts(home.people).unreached(tx, number, COORDINATOR)
    assert (content[:2], missed) == (b"PK", many)


async def test_it_arrives_verbatim_and_a_restart_in_the_middle_finishes_it(home: House) -> None:
    await home.register(1, 2, 3)
    await send(home, (await draft(home))[0])

    def judge(chat: int, _content: object, _before: int) -> Delivery:
        return Blocked() if chat == 2 else Refused("no")

    await finish(home, ("sent", None))
    messenger = NotedMessenger(judge)
    await send_all(home, messenger)
    assert messenger.handed_over == [(2, TEXT), (3, TEXT)]
    _, report = await follow(home)
    missed = (("blocked", 1), ("refused", 1))
    assert report == messages.report(
        wording(home.event), Outcome(1, "announcement", 1, missed, ("Person 2", "Person 3"), correctable=True)
    )


async def test_stopped_in_the_middle_it_goes_to_nobody_more_and_says_to_how_many_it_went(home: House) -> None:
    await home.register(1, 2, 3, 4)
    number, _ = await draft(home)
    await send(home, number)
    await finish(home, ("sent", None))
    assert await stop(home, number)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert messenger.texts == []
    ended, report = await follow(home)
    assert ended == Edit(PROGRESS, messages.finished(wording(home.event), stopped=True))
    assert isinstance(report, Message)
    assert report.text == (
        "📣 <b>Your announcement reached 1 person.</b>\n• 3 people were not written to, since it was stopped."
    )


async def test_stopped_while_it_is_still_being_queued_the_rest_is_counted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, event(session(capacity=20))) as home:
        await home.register(*range(1, 11))
        number, _ = await draft(home)
        await say_yes(home, number)
        home.clock.move(COUNTDOWN)
        async with home.database.transaction() as tx:
            await broadcasts.fill(tx, await found_in(tx, number), home.now, 4)
        await stop(home, number)
        await queue(home)
        assert await queued_for(home, number) == [1, 2, 3, 4]
        (ended,) = await follow(home)
        assert ended == Edit(PROGRESS, messages.dropped(wording(home.event)))


async def test_one_that_is_scheduled_waits_for_its_moment_and_goes_to_those_who_belong_then(home: House) -> None:
    await home.register(1)
    number, _ = await draft(home)
    at = home.now + timedelta(hours=3)
    service = Broadcasts(home.people)
    async with home.database.transaction() as tx:
        assert await service.schedule(tx, number, COORDINATOR, PROGRESS, home.now, home.now) is None
        assert await service.schedule(tx, number, COORDINATOR, PROGRESS, at, home.now) is not None
        assert [each.number for each in await service.scheduled(tx, home.now)] == [number]
    await home.register(2)
    home.clock.moment = at - SECOND
    await queue(home)
    assert (await home.outbox(), await follow(home)) == ([], [])
    home.clock.moment = at
    await queue(home)
    assert await queued_for(home, number) == [1, 2]
    async with home.database.transaction() as tx:
        assert await service.scheduled(tx, home.now) == []


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (TEXT, Amend(0, Part.TEXT, "At 6!")),
        (Copy(COORDINATOR, 7, Part.CAPTION), Amend(0, Part.CAPTION, "At 6!")),
    ],
    ids=["text", "caption"],
)
async def test_it_is_corrected_in_every_chat_that_got_it(home: House, content: Message | Copy, change: Amend) -> None:
    await home.register(1, 2, 3)
    number, _ = await draft(home, content)
    await send(home, number)
    await finish(home, ("sent", None), ("blocked", "blocked"), ("sent", None))
    await follow(home)
    async with home.database.transaction() as tx:
        correction = await Broadcasts(home.people).correct(tx, number, COORDINATOR, "At 6!", home.now)
    assert correction is not None
    assert (correction.broadcast.kind, correction.recipients) == (Kind.CORRECTION, 2)
    await send(home, correction.broadcast.number)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    messenger.handed_over = [each for each in messenger.handed_over if each[0] != COORDINATOR]
    changes = [(chat, Amend(100 + chat, change.part, change.text)) for chat in (1, 3)]
    assert messenger.handed_over == changes
    _, report = await follow(home)
    assert isinstance(report, Message)
    assert report.text == "✏️ <b>2 copies now say what you wrote.</b>"


async def test_what_has_no_words_cannot_be_corrected(home: House) -> None:
    await home.register(1)
    number, _ = await draft(home, Copy(COORDINATOR, 7))
    await send(home, number)
    async with home.database.transaction() as tx:
        assert await Broadcasts(home.people).correct(tx, number, COORDINATOR, "At 6!", home.now) is None


async def test_a_correction_of_what_is_still_going_out_waits_until_all_of_it_has(home: House) -> None:
    await home.register(1, 2)
    number, _ = await draft(home)
    await send(home, number)
    await finish(home, ("sent", None))
    async with home.database.transaction() as tx:
        correction = await Broadcasts(home.people).correct(tx, number, COORDINATOR, "At 6!", home.now)
    assert correction is not None
    await send(home, correction.broadcast.number)
    assert await queued_for(home, correction.broadcast.number) == []
    await finish(home, ("sent", None))
    await follow(home)
    await queue(home)
    assert await queued_for(home, correction.broadcast.number) == [1, 2]


async def test_it_is_taken_back_where_telegram_still_allows_it(home: House) -> None:
    await home.register(1, 2)
    number, _ = await draft(home)
    await send(home, number)
    await finish(home, ("sent", None))
    home.clock.move(timedelta(hours=1))
    await finish(home, ("sent", None))
    await follow(home)
    home.clock.move(DELETABLE - timedelta(hours=1))
    async with home.database.transaction() as tx:
        withdrawal = await Broadcasts(home.people).withdraw(tx, number, COORDINATOR, home.now)
    assert withdrawal is not None
    assert withdrawal.recipients == 1
    await send(home, withdrawal.broadcast.number)
    messenger = NotedMessenger()
    await send_all(home, messenger)
    assert (2, Delete(102)) in messenger.handed_over
    assert {chat for chat, _ in messenger.handed_over} == {2, COORDINATOR}
    _, report = await follow(home)
    assert isinstance(report, Message)
    assert report.text == (
        "🗑 <b>1 copy was taken back.</b>\n"
        "• 1 copy is older than 48 hours, and Telegram no longer lets me delete it. It can still be corrected.\n"
        "Not reached: Person 1"
    )


async def test_nobody_changes_what_is_no_announcement(home: House) -> None:
    await home.register(1)
    number, _ = await draft(home)
    await send(home, number)
    await finish(home, ("sent", None))
    service = Broadcasts(home.people)
    async with home.database.transaction() as tx:
        withdrawal = await service.withdraw(tx, number, COORDINATOR, home.now)
        assert withdrawal is not None
        for other in (withdrawal.broadcast.number, 77):
            assert await service.withdraw(tx, other, COORDINATOR, home.now) is None
            assert await service.correct(tx, other, COORDINATOR, "At 6!", home.now) is None


async def test_moments_that_are_often_wanted_are_proposed(home: House) -> None:
    proposed = Broadcasts(home.people).proposed_moments(NOON)
    assert proposed == sorted(set(proposed))
    assert all(at > NOON for at in proposed)
    assert {START - timedelta(hours=1), START} <= set(proposed)
    assert Broadcasts(home.people).proposed_moments(START + timedelta(days=9)) != []


async def test_who_asked_to_be_forgotten_is_not_named(home: House) -> None:
    await home.register(1, 2)
    await send(home, (await draft(home))[0])
    await finish(home, ("blocked", "blocked"), ("blocked", "blocked"))
    async with home.database.transaction() as tx:
        await registrations.forget(tx, 1)
        await people.forget(tx, 1)
        assert [each.name for each in await broadcasts.unreached(tx, 1)] == ["Person 2"]


async def test_reports_name_people_safely(home: House) -> None:
    outcome = Outcome(1, "announcement", 0, (("blocked", 1),), ("<b>Ada</b> & Co",))
    report = messages.report(wording(home.event), outcome)
    assert report.text.splitlines()[-1] == "Not reached: &lt;b&gt;Ada&lt;/b&gt; &amp; Co"
