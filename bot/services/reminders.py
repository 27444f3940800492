"""Queues reminders that are due. One asks at every tick; the outbox's keys make asking twice harmless."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.attendance import reminders
from bot.attendance.reminders import Reminder
from bot.knowledge.event import Event
from bot.messages.message import ReminderDue, to_json
from bot.storage import outbox, people
from bot.storage.database import Database
from bot.storage.outbox import Due

AT_ONCE = 1000
"""Registrations that are looked at in one transaction, so that nobody who writes meanwhile waits for all of them."""


@dataclass
class Reminders:
    """Remembers what it has queued only to spare the database a question; a restart asks once more."""

    event: Event
    _queued: set[str] = field(default_factory=set)
    _schedules: dict[timedelta | None, list[Reminder]] = field(init=False)

    def __post_init__(self) -> None:
        self._schedules = {None: reminders.schedule(self.event)}

    def due(self, now: datetime, leads: frozenset[timedelta] = frozenset()) -> list[tuple[timedelta | None, Reminder]]:
        """What is due at ``now`` and has not been queued by this process: by the file's rules, under None, and by the
        lead times that people chose."""
        for lead in leads - self._schedules.keys():
            self._schedules[lead] = reminders.own_schedule(self.event, lead)
        found = [(lead, each) for lead in (None, *sorted(leads)) for each in reminders.due(self._schedules[lead], now)]
        # A clock that was set back comes to the same moment once more, and others may hold a seat by then.
        self._queued &= {each.key for _, each in found}
        return [(lead, each) for lead, each in found if each.key not in self._queued]

    async def queue_due(self, database: Database, now: datetime, queued: Callable[[], None]) -> None:
        """Puts what is due into the outbox for those who held a seat when it was due, a part at a time; ``queued`` is
        called after each, so that the first of many hear it at once."""
        async with database.transaction() as tx:
            leads = await people.leads(tx)
        for lead, reminder in self.due(now, leads):
            content = to_json(ReminderDue(reminder.session.id, reminder.rule.id))
            after: int | None = 0
            while after is not None:
                async with database.transaction() as tx:
                    after = await outbox.remind(tx, self._wanted(lead, reminder), content, now, after, AT_ONCE)
                queued()
            self._queued.add(reminder.key)

    def _wanted(self, lead: timedelta | None, reminder: Reminder) -> Due:
        seconds = None if lead is None else int(lead.total_seconds())
        rule = reminder.rule.id if lead is None else reminders.rule_of_length(self.event, lead)
        return Due(reminder.key, reminder.session.id, rule, seconds, reminder.due, reminder.until)
