"""Announcements: a draft, an audience, a yes with ten seconds to think again, progress, a report; and afterwards a
correction or withdrawal of every copy, which goes the same way."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.attendance.audience import Audience, Who
from bot.interchange.tables import to_xlsx
from bot.messages import broadcasts as messages
from bot.messages.message import Amend, Composed, Copy, Edit, Message, Part, Sendable, from_json, to_json
from bot.services.people import People
from bot.storage import audiences, broadcasts, outbox
from bot.storage.broadcasts import Broadcast, Kind, Tally
from bot.storage.database import Database, Transaction
from bot.storage.outbox import Item

COUNTDOWN = timedelta(seconds=10)
"""Between the yes and the first message."""
NAMED = 20
"""How many of those not reached the report names; the file has them all."""
PROGRESS_EVERY = timedelta(seconds=2)
AT_ONCE = 1000
"""Recipients that are queued in one transaction, so that nobody who writes meanwhile waits for all of them."""
MORNING = time(9)


@dataclass(frozen=True)
class Draft:
    """A broadcast and how many people it would go to now."""

    broadcast: Broadcast
    recipients: int


@dataclass
class Broadcasts:
    people: People
    _shown: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    async def draft(self, tx: Transaction, coordinator: int, content: Message | Copy, now: datetime) -> Draft:
        """Keeps what would be sent."""
        number = await broadcasts.draft(tx, coordinator, to_json(content), now)
        return await self._certain(tx, number, now)

    async def find_draft(self, tx: Transaction, number: int, coordinator: int, now: datetime) -> Draft | None:
        """The coordinator's own draft; None where it is another's or was decided on."""
        found = await self._draft_of(tx, number, coordinator)
        return None if found is None else Draft(found, await broadcasts.recipients_of(tx, found, now))

    async def aim(
        self, tx: Transaction, number: int, coordinator: int, now: datetime, **chosen: Who | str | None
    ) -> Draft | None:
        """Changes parts of a draft's audience."""
        found = await self._draft_of(tx, number, coordinator)
        if found is None:
            return None
        audience = replace(found.audience, **chosen)  # type: ignore[arg-type]
        if audience.who is Who.EVERYBODY:
            audience = replace(audience, session=None)
        await broadcasts.aim(tx, number, audience)
        return await self._certain(tx, number, now)

    async def audience_counts(self, tx: Transaction, audience: Audience) -> dict[Who, int]:
        """How many people each choice would reach, with the session and language as chosen."""
        return {who: await audiences.count(tx, replace(audience, who=who)) for who in Who}

    async def languages(self, tx: Transaction) -> list[str]:
        return await audiences.languages(tx)

    async def send(
        self, tx: Transaction, number: int, coordinator: int, progress: int | None, now: datetime
    ) -> Draft | None:
        """Decides that the draft is sent, ten seconds from now."""
        draft = await self.find_draft(tx, number, coordinator, now)
        if draft is None or draft.recipients == 0:
            return None
        await broadcasts.begin(tx, number, draft.recipients, progress, now + COUNTDOWN, scheduled=False)
        return await self._certain(tx, number, now)

    async def schedule(
        self, tx: Transaction, number: int, coordinator: int, progress: int | None, at: datetime, now: datetime
    ) -> Draft | None:
        """Decides that the draft is sent at a later moment, to whoever belongs to its audience then."""
        draft = await self.find_draft(tx, number, coordinator, now)
        if draft is None or at <= now:
            return None
        await broadcasts.begin(tx, number, draft.recipients, progress, at, scheduled=True)
        return await self._certain(tx, number, now)

    def proposed_moments(self, now: datetime) -> list[datetime]:
        """Moments that are often wanted: in an hour, tomorrow morning, before and after the next session."""
        event = self.people.event
        local = now.astimezone(event.timezone)
        in_an_hour = (local + timedelta(hours=1)).replace(minute=local.minute // 5 * 5, second=0, microsecond=0)
        moments = [in_an_hour, datetime.combine(local.date() + timedelta(days=1), MORNING, event.timezone)]
        ahead = sorted((each for each in event.sessions if each.start > now), key=lambda each: each.start)
        if ahead:
            moments += [ahead[0].start - timedelta(hours=1), ahead[0].start, ahead[0].end or ahead[0].start]
        return sorted({at.replace(second=0) for at in moments if at > now})

    async def drop(self, tx: Transaction, number: int, coordinator: int) -> Kind | None:
        """Throws the draft away; what it was, or None where there is none to throw away."""
        found = await self._draft_of(tx, number, coordinator)
        if found is None:
            return None
        await broadcasts.drop(tx, number)
        return found.kind

    async def drop_drafts_of(self, tx: Transaction, coordinator: int, source: Copy) -> bool:
        """Throws away what would have sent copies of ``source``; whether there was anything."""
        return await broadcasts.drop_copies(tx, coordinator, source.message_id) > 0

    async def stop(self, tx: Transaction, number: int, now: datetime) -> bool:
        """Sends it to nobody more; False where it has ended. Any coordinator may: a wrong announcement is urgent."""
        found = await broadcasts.find(tx, number)
        if found is None or found.state != "sending" or found.stopped_at is not None:
            return False
        await broadcasts.stop(tx, number, now)
        return True

    async def scheduled(self, tx: Transaction, now: datetime) -> list[Broadcast]:
        """Those that wait for their moment, the next first."""
        waiting = [each for each in await broadcasts.running(tx) if each.scheduled and _is_ahead(each, now)]
        return sorted(waiting, key=lambda each: each.due_at or now)

    async def find(self, tx: Transaction, number: int) -> Broadcast | None:
        return await broadcasts.find(tx, number)

    def content_of(self, broadcast: Broadcast) -> Sendable | None:
        """What an announcement sends; None for what changes the copies of another."""
        content = from_json(broadcast.content)
        return None if isinstance(content, Composed | Amend) else content

    def part_of(self, broadcast: Broadcast) -> Part:
        """Which words of its copies can still be changed."""
        content = from_json(broadcast.content)
        if isinstance(content, Copy):
            return content.part
        return Part.TEXT if isinstance(content, Message) else Part.NONE

    async def correct(self, tx: Transaction, number: int, coordinator: int, text: str, now: datetime) -> Draft | None:
        """A draft that changes every copy of announcement ``number`` to ``text``, Telegram's HTML."""
        found = await broadcasts.find(tx, number)
        if found is None or found.kind is not Kind.ANNOUNCEMENT or self.part_of(found) is Part.NONE:
            return None
        content = to_json(Amend(0, self.part_of(found), text))
        draft = await broadcasts.draft(tx, coordinator, content, now, Kind.CORRECTION, number)
        return await self._certain(tx, draft, now)

    async def withdraw(self, tx: Transaction, number: int, coordinator: int, now: datetime) -> Draft | None:
        """A draft that deletes every copy of announcement ``number``."""
        found = await broadcasts.find(tx, number)
        if found is None or found.kind is not Kind.ANNOUNCEMENT:
            return None
        draft = await broadcasts.draft(tx, coordinator, found.content, now, Kind.WITHDRAWAL, number)
        return await self._certain(tx, draft, now)

    async def copies_of(self, tx: Transaction, number: int) -> int:
        """How many people got announcement ``number``."""
        return (await broadcasts.tally(tx, number)).sent

    async def sent_copies_of(self, tx: Transaction, coordinator: int, source: Copy) -> Broadcast | None:
        """The announcement that sent, or is sending, copies of ``source``."""
        return await broadcasts.latest_copy(tx, coordinator, source.message_id)

    async def rewrite(self, tx: Transaction, broadcast: Broadcast, words: str, now: datetime) -> bool:
        """The source of what is still to go out has new words: copies will have them. False where some went out."""
        if broadcast.state != "sending" or not _is_ahead(broadcast, now):
            return False
        content = from_json(broadcast.content)
        if isinstance(content, Copy) and content.caption is not None:
            await broadcasts.rewrite(tx, broadcast.number, to_json(replace(content, caption=words)))
        return True

    async def unreached(self, tx: Transaction, number: int, coordinator: int) -> tuple[bytes, int]:
        """A spreadsheet of those whom it did not reach, for the telephone; and how many they are."""
        wording = await self.people.wording_of(tx, coordinator)
        missed = await broadcasts.unreached(tx, number)
        rows = [
            (each.name, f"@{each.username}" if each.username else "", messages.unreached_reason(wording, each.reason))
            for each in missed
        ]
        return to_xlsx(messages.unreached_columns(wording), rows, "Agora"), len(rows)

    async def _draft_of(self, tx: Transaction, number: int, coordinator: int) -> Broadcast | None:
        found = await broadcasts.find(tx, number)
        mine = found is not None and found.coordinator == coordinator and found.state == "draft"
        return found if mine else None

    async def _certain(self, tx: Transaction, number: int, now: datetime) -> Draft:
        found = await broadcasts.find(tx, number)
        if found is None:
            raise LookupError(f"broadcast {number} was written in this transaction and is not there")
        return Draft(found, await broadcasts.recipients_of(tx, found, now))

    async def queue_due(self, database: Database, now: datetime, queued: Callable[[], None]) -> None:
        """Queues the recipients of what is due, a part at a time; ``queued`` is called after each."""
        async with database.transaction() as tx:
            due = [each.number for each in await broadcasts.running(tx) if await _may_begin(tx, each, now)]
        for number in due:
            filled = False
            while not filled:
                async with database.transaction() as tx:
                    found = await broadcasts.find(tx, number)
                    filled = found is None or found.filled or await broadcasts.fill(tx, found, now, AT_ONCE)
                queued()

    async def follow(self, tx: Transaction, now: datetime) -> list[Item]:
        """Shows how far the running broadcasts are and reports on those that have ended; what is to be sent."""
        items: list[Item] = []
        for broadcast in await broadcasts.running(tx):
            if broadcast.stopped_at is None and _is_ahead(broadcast, now):
                items += await self._show_countdown(tx, broadcast, now)
            elif broadcast.filled and not await broadcasts.is_on_its_way(tx, broadcast.number):
                items += await self._report(tx, broadcast, now)
            elif self._may_show(broadcast, now):
                items += await self._show_progress(tx, broadcast, now)
        return items

    def _may_show(self, broadcast: Broadcast, now: datetime) -> bool:
        _, at = self._shown.get(broadcast.number, (0, None))
        return at is None or not timedelta() <= now - at < PROGRESS_EVERY

    async def _show_countdown(self, tx: Transaction, broadcast: Broadcast, now: datetime) -> list[Item]:
        if broadcast.scheduled or broadcast.due_at is None or not self._may_show(broadcast, now):
            return []
        seconds = round((broadcast.due_at - now).total_seconds())
        self._shown[broadcast.number] = (-seconds, now)
        return await self._edit(tx, broadcast, await self.countdown(tx, broadcast, now), now, broadcast.due_at)

    async def countdown(self, tx: Transaction, broadcast: Broadcast, now: datetime) -> Message:
        """The seconds that are left to stop it."""
        wording = await self.people.wording_of(tx, broadcast.coordinator)
        left = (broadcast.due_at or now) - now
        return messages.countdown(
            wording, broadcast.kind.value, broadcast.number, broadcast.recipients, round(left.total_seconds())
        )

    async def _show_progress(self, tx: Transaction, broadcast: Broadcast, now: datetime) -> list[Item]:
        tally = await broadcasts.tally(tx, broadcast.number)
        done = tally.sent + tally.not_reached
        if done == self._shown.get(broadcast.number, (-1, now))[0]:
            return []
        self._shown[broadcast.number] = (done, now)
        wording = await self.people.wording_of(tx, broadcast.coordinator)
        message = messages.progress(
            wording, broadcast.kind.value, broadcast.number, tally.sent, tally.not_reached, broadcast.recipients
        )
        return await self._edit(tx, broadcast, message, now, now + timedelta(seconds=10))

    async def _report(self, tx: Transaction, broadcast: Broadcast, now: datetime) -> list[Item]:
        self._shown.pop(broadcast.number, None)
        wording = await self.people.wording_of(tx, broadcast.coordinator)
        await broadcasts.finish(tx, broadcast.number, now)
        tally = await broadcasts.tally(tx, broadcast.number)
        if broadcast.stopped_at is not None and tally.untouched:
            return await self._edit(tx, broadcast, messages.dropped(wording, broadcast.kind.value), now, None)
        report = await self._written_report(tx, broadcast, tally)
        ended = messages.finished(wording, stopped=broadcast.stopped_at is not None)
        items = await self._edit(tx, broadcast, ended, now, None)
        return [*items, await outbox.reply(tx, broadcast.coordinator, to_json(report), now, None)]

    async def _written_report(self, tx: Transaction, broadcast: Broadcast, tally: Tally) -> Message:
        wording = await self.people.wording_of(tx, broadcast.coordinator)
        missed = await broadcasts.unreached(tx, broadcast.number, NAMED)
        reasons = [(reason, people) for reason, people in tally.reasons if reason != "stopped"]
        if broadcast.stopped_at is not None:
            # Some may not even have been queued when it was stopped.
            left_out = broadcast.recipients - tally.sent - sum(people for _, people in reasons)
            reasons += [("stopped", left_out)] if left_out > 0 else []
        outcome = messages.Outcome(
            broadcast.number,
            broadcast.kind.value,
            tally.sent,
            tuple(reasons),
            tuple(each.name for each in missed),
            tally.repeated,
            correctable=self.part_of(broadcast) is not Part.NONE,
        )
        return messages.report(wording, outcome)

    async def _edit(
        self, tx: Transaction, broadcast: Broadcast, message: Message, now: datetime, expires: datetime | None
    ) -> list[Item]:
        if broadcast.progress_message is None:
            return []
        content = to_json(Edit(broadcast.progress_message, message))
        return [await outbox.reply(tx, broadcast.coordinator, content, now, expires)]


def _is_ahead(broadcast: Broadcast, now: datetime) -> bool:
    return broadcast.due_at is not None and now < broadcast.due_at


async def _may_begin(tx: Transaction, broadcast: Broadcast, now: datetime) -> bool:
    if broadcast.filled or _is_ahead(broadcast, now):
        return False
    # Copies that are still going out could not be changed; what changes them waits until all have been sent.
    original = None if broadcast.original is None else await broadcasts.find(tx, broadcast.original)
    return original is None or original.state != "sending"
