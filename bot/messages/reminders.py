"""Reminders before a session, follow-ups after it, and the switches for them."""

from datetime import datetime, timedelta

from bot.knowledge.event import ReminderRule, Session
from bot.messages.actions import ChooseLead, ToggleReminder, short
from bot.messages.message import Button, Message, button
from bot.messages.wording import Markup, Wording, joined, to_the_minute

LEADS = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 60, 120, 24 * 60, 48 * 60))
"""The lead times that one can tap; any other can be written."""
LONGEST_LEAD = timedelta(days=30)
LONG_TEXT = 3000
"""Characters of a rule's own text that leave room for the rest in one message."""


def reminder(wording: Wording, session: Session, rule: ReminderRule, now: datetime) -> Message:
    """One reminder as it reads at ``now``: what starts, in how long, and where. A follow-up is the rule's own text."""
    if rule.before is None:
        return Message(_follow_up(wording, session, rule), ((wording.screen("start"),),))
    parts = [wording.text("reminders.starts_in", title=wording.of(session.title), left=_left(wording, session, now))]
    if rule.text:
        parts.append(wording.own_words(rule.text, LONG_TEXT))
    parts.append(wording.facts(session))
    rows: list[tuple[Button, ...]] = [(wording.screen("venue"),)] if wording.event.venue else []
    return Message(joined(parts, "\n\n"), (*rows, (wording.screen("status"), wording.screen("reminders"))))


def _left(wording: Wording, session: Session, now: datetime) -> str:
    return wording.duration(to_the_minute(session.start - now))


def _follow_up(wording: Wording, session: Session, rule: ReminderRule) -> Markup:
    if rule.text:
        return wording.own_words(rule.text, LONG_TEXT)
    return wording.text("reminders.thanks", title=wording.of(session.title))


def settings(wording: Wording, muted: frozenset[str], lead: timedelta | None = None) -> Message:
    """Which reminders one gets, each with a switch, and one of one's own."""
    rules = wording.event.reminders
    if not wording.event.registrable_sessions:
        return Message(wording.text("reminders.none"), ((wording.screen("start"),),))
    parts = [wording.text("reminders.settings")] if rules else []
    switches = [(_switch(wording, rule, rule.id in muted),) for rule in rules[:50]]
    text = joined([*parts, wording.text("reminders.own")], "\n\n")
    return Message(text, (*switches, *_leads(wording, lead), (wording.screen("start"),)))


def _leads(wording: Wording, chosen: timedelta | None) -> list[tuple[Button, ...]]:
    offered = sorted({*LEADS, chosen} - {None}, key=lambda length: length or timedelta())
    buttons = [_lead(wording, length, length == chosen) for length in offered]
    rows = [tuple(buttons[index : index + 3]) for index in range(0, len(buttons), 3)]
    return [*rows, (_lead(wording, None, chosen is None),)]


def _lead(wording: Wording, length: timedelta | None, is_chosen: bool) -> Button:
    label = wording.label("reminders.no_own") if length is None else wording.duration(length)
    minutes = 0 if length is None else int(length.total_seconds() // 60)
    return button(f"● {label}" if is_chosen else label, ChooseLead(minutes))


def no_length(wording: Wording) -> Message:
    return Message(wording.text("reminders.no_length"), ((wording.screen("reminders"),),))


def too_far(wording: Wording) -> Message:
    text = wording.text("reminders.too_far", most=wording.duration(LONGEST_LEAD))
    return Message(text, ((wording.screen("reminders"),),))


def _switch(wording: Wording, rule: ReminderRule, off: bool) -> Button:
    label = wording.label("reminders.off" if off else "reminders.on", when=_when(wording, rule))
    return button(label, ToggleReminder(short(rule.id), 1 if off else 0))


def _when(wording: Wording, rule: ReminderRule) -> str:
    if rule.before is not None:
        return wording.label("reminders.before", length=wording.duration(rule.before))
    if rule.after:
        return wording.label("reminders.after", length=wording.duration(rule.after))
    return wording.label("reminders.at_the_end")
