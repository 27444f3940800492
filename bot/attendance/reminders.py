"""Which reminders are due. Nothing is scheduled or remembered here: one asks, with the moment in hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.knowledge.event import Event, ReminderRule, Session

OWN = "own:"
"""How the id of a person's own rule begins; no rule of the file can be called so."""
USEFUL_AFTERWARDS = timedelta(hours=12)
"""How long a follow-up that was missed is still worth sending."""


@dataclass(frozen=True)
class Reminder:
    """One rule for one session: due at ``due``, no longer useful from ``until`` on."""

    session: Session
    rule: ReminderRule
    due: datetime
    until: datetime

    @property
    def key(self) -> str:
        """Unique per session, rule and start: a session that moves is reminded of anew."""
        return f"reminder:{self.session.id}:{self.rule.id}:{self.session.start.astimezone(UTC):%Y%m%dT%H%M%S}"


def schedule(event: Event) -> list[Reminder]:
    """Every reminder of the event, by due moment."""
    return sorted(_each(event), key=lambda reminder: reminder.due)


def _each(event: Event) -> Iterator[Reminder]:
    for session in event.registrable_sessions:
        for rule in event.reminders:
            yield reminder(session, rule)


def own_schedule(event: Event, lead: timedelta) -> list[Reminder]:
    """Every reminder of somebody who wants one ``lead`` before each session."""
    rule = ReminderRule(f"{OWN}{int(lead.total_seconds())}", before=lead)
    return sorted((reminder(each, rule) for each in event.registrable_sessions), key=lambda each: each.due)


def rule_called(event: Event, id: str) -> ReminderRule | None:
    """The rule of that id: one of the file's, or somebody's own lead time."""
    if id.startswith(OWN):
        return ReminderRule(id, before=timedelta(seconds=int(id.removeprefix(OWN))))
    return next((rule for rule in event.reminders if rule.id == id), None)


def rule_of_length(event: Event, lead: timedelta) -> str | None:
    """The id of the file's rule that reminds at the same moment as somebody's own lead time."""
    return next((rule.id for rule in event.reminders if rule.before == lead), None)


def reminder(session: Session, rule: ReminderRule) -> Reminder:
    """The reminder that ``rule`` makes for ``session``; a session without an end counts by its start."""
    if rule.before is not None:
        return Reminder(session, rule, earlier(session.start, rule.before), session.start)
    due = later(session.end or session.start, rule.after or timedelta())
    return Reminder(session, rule, due, later(due, USEFUL_AFTERWARDS))


def earlier(moment: datetime, length: timedelta) -> datetime:
    """``length`` before ``moment``: whole days by the calendar (the same time of day, whatever the clocks did in
    between), the rest by the hours that really pass. Where the zone skips that whole day, by the hours altogether."""
    rest = timedelta(seconds=length.seconds, microseconds=length.microseconds)
    by_calendar = _shifted(moment, -length.days, -rest)
    return by_calendar if by_calendar.astimezone(UTC) < moment.astimezone(UTC) else _shifted(moment, 0, -length)


def later(moment: datetime, length: timedelta) -> datetime:
    """``length`` after ``moment``, counted as ``earlier`` counts."""
    return _shifted(moment, length.days, timedelta(seconds=length.seconds, microseconds=length.microseconds))


def _shifted(moment: datetime, days: int, rest: timedelta) -> datetime:
    # Adding to an aware datetime is wall-clock arithmetic, which is what days mean and hours do not. A wall time
    # that the zone skips comes out of the round trip through UTC as the same instant, one hour later by name.
    # Without days to add the moment stays as it is: arithmetic would forget which of two equal hours it was.
    by_calendar = moment + timedelta(days=days) if days else moment
    return (by_calendar.astimezone(UTC) + rest).astimezone(moment.tzinfo)


def due(reminders: list[Reminder], now: datetime) -> list[Reminder]:
    """Those whose moment has come and which are still useful at ``now``."""
    return [reminder for reminder in reminders if reminder.due <= now < reminder.until]
