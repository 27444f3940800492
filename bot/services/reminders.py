"""Queues reminders that are due. One asks at every tick; the outbox's keys make asking twice harmless."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.attendance import reminders
from bot.attendance.reminders import Reminder
from bot.knowledge.event import Event
from bot.messages.message import ReminderDue, to_json
from bot.storage import outbox
from bot.storage.database import Transaction


@dataclass
class Reminders:
    """Remembers what it has queued only to spare the database a question; a restart asks once more."""

    event: Event
    _queued: set[str] = field(default_factory=set)
    _schedule: list[Reminder] = field(init=False)

    def __post_init__(self) -> None:
        self._schedule = reminders.schedule(self.event)

    def due(self, now: datetime) -> list[Reminder]:
        """What is due at ``now`` and has not been queued by this process."""
        return [each for each in reminders.due(self._schedule, now) if each.key not in self._queued]

    async def queue(self, tx: Transaction, due: list[Reminder], now: datetime) -> int:
        """Puts each reminder into the outbox for those who held a seat when it was due; how many messages."""
        queued = 0
        for each in due:
            content = to_json(ReminderDue(each.session.id, each.rule.id))
            queued += await outbox.remind(
                tx, each.key, each.rule.id, each.session.id, each.due, content, now, each.until
            )
        return queued

    def note_queued(self, due: list[Reminder]) -> None:
        """To be called once the transaction is committed."""
        self._queued.update(each.key for each in due)
