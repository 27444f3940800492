"""All that the bot can say about an event, for tests that hold for every message."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.answering.answer import Answer, FollowUp
from bot.attendance.audience import Audience, Who
from bot.attendance.changes import Told
from bot.attendance.outcomes import (
    Accepted,
    AlreadyRegistered,
    Cancelled,
    NoSuchSession,
    NothingThere,
    Refused,
    Registered,
)
from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Closed, NotYet, Seats
from bot.i18n.catalog import available_languages
from bot.knowledge.event import Contact, Event, RegistrationRules, ReminderRule, Session, Speaker, Venue
from bot.messages import agenda, broadcasts, changes, help, privacy, questions, registrations, reminders, reports
from bot.messages.broadcasts import Outcome
from bot.messages.message import Button, Message
from bot.messages.wording import Wording
from tests.builders import NOON, START, event, registration, session, words

HIGHEST = 10**12
"""A number that the database will not reach."""
LANGUAGES = available_languages()


def states(of: Session, name: str) -> list[Registration]:
    """A registration in every state that it may have."""
    common = {"number": HIGHEST, "name": name, "session": of.id}
    return [
        registration(Status.CONFIRMED, **common),  # type: ignore[arg-type]
        registration(Status.CONFIRMED, checked_in_at=START, **common),  # type: ignore[arg-type]
        registration(Status.OFFERED, offered_until=NOON + timedelta(hours=12), **common),  # type: ignore[arg-type]
        registration(Status.WAITLISTED, position=HIGHEST, **common),  # type: ignore[arg-type]
        registration(Status.CANCELLED, **common),  # type: ignore[arg-type]
    ]


def everything_said(wording: Wording, name: str = "Ada Lovelace", text: str = "Is there coffee?") -> Iterator[Message]:
    """Every message, in every variant that the event allows; ``name`` and ``text`` are what strangers wrote."""
    yield from _for_everybody(wording, text)
    for each in wording.event.sessions:
        yield from _of_session(wording, each, name)
    yield from _of_questions(wording, text)
    yield from _of_broadcasts(wording)
    for kind in ("announcement", "correction", "withdrawal"):
        yield from _of_broadcasts_of(wording, kind, name)
    yield from _of_changes(wording)
    yield from _of_reports(wording, name, text)


def _for_everybody(wording: Wording, text: str) -> Iterator[Message]:
    sessions = wording.event.registrable_sessions
    for coordinator in (False, True):
        yield help.welcome(wording, coordinator)
        yield help.help_text(wording, coordinator)
        yield help.only_text(wording, coordinator)
        yield help.language_chosen(wording, coordinator)
    yield help.coordinator_menu(wording)
    yield help.unknown_command(wording, f"/{text}")
    yield help.apology(wording)
    yield help.group_pointer(wording, "agora_event_bot")
    yield help.left_alone(wording)
    yield help.languages(wording)
    for page in range(-1, len(wording.event.sessions) // agenda.PAGE + 2):
        yield agenda.agenda(wording, page, NOON)
        yield registrations.choose_session(wording, sessions, page)
    yield agenda.speakers(wording)
    yield agenda.directions(wording)
    yield registrations.nothing_to_register_for(wording)
    yield registrations.status(wording, [])
    yield registrations.choose_cancellation(wording, [])
    yield reminders.settings(wording, frozenset())
    yield reminders.settings(wording, frozenset(rule.id for rule in wording.event.reminders))
    yield privacy.policy(wording)
    yield privacy.ask_to_delete(wording)
    yield privacy.deleted(wording)


def _of_session(wording: Wording, of: Session, name: str) -> Iterator[Message]:
    yield agenda.session_details(wording, of, NOON)
    for now in (of.start - timedelta(days=30), of.start - timedelta(seconds=1)):
        for rule in wording.event.reminders:
            yield reminders.reminder(wording, of, rule, now)
    if not of.takes_registrations:
        return
    for seats in (Seats(HIGHEST, 1, 0), Seats(1, 1, 0), Seats(1, 1, HIGHEST)):
        yield registrations.ask(wording, of, seats)
    for hindrance in (NotYet(NOON), Closed(of.start), NoSuchSession()):
        yield registrations.registered(wording, of, hindrance)
    all_states = states(of, name)
    yield registrations.status(wording, all_states[:4])
    yield registrations.choose_cancellation(wording, all_states[:4])
    for held in all_states:
        yield from _of_registration(wording, of, held)
    yield registrations.nothing_there(wording, None, NOON)
    yield registrations.cancelled(wording, NothingThere(of.id), NOON)
    yield registrations.accepted(wording, NothingThere(None), NOON)
    yield registrations.refused(wording, NothingThere(of.id), NOON)
    yield registrations.lapsed(wording, of, NOON)


def _of_registration(wording: Wording, of: Session, held: Registration) -> Iterator[Message]:
    yield registrations.registered(wording, of, Registered(held))
    yield registrations.registered(wording, of, AlreadyRegistered(held))
    yield registrations.status(wording, [held])
    yield registrations.ask_to_cancel(wording, held)
    yield registrations.cancelled(wording, Cancelled(held), NOON)
    yield registrations.offer(wording, of, held, NOON)
    yield registrations.accepted(wording, Accepted(held), NOON)
    yield registrations.accepted(wording, AlreadyRegistered(held), NOON)
    yield registrations.refused(wording, Refused(held), NOON)
    yield registrations.refused(wording, AlreadyRegistered(held), NOON)
    yield reports.checked_in(wording, held)
    if held.status is not Status.CANCELLED:
        yield reports.check_in_undone(wording, held)


def _of_questions(wording: Wording, text: str) -> Iterator[Message]:
    choices = (text,) * 12
    given = Answer(text, wording.language, False, text, follow_ups=tuple(FollowUp), choices=choices)
    yield questions.answer(wording, given, HIGHEST)
    yield questions.answer(wording, given, None)
    yield questions.passed_on(wording)
    yield questions.cannot_be_passed_on(wording)
    yield questions.for_coordinator(wording, HIGHEST, text)
    yield questions.ask_for_answer(wording, text)
    for entry in ("", "faq:\n  - id: tea\n    answer: <Yes> & no\n"):
        for people in (1, 1000):
            yield questions.answered(wording, people, HIGHEST, entry)
    yield questions.forgotten(wording)
    yield questions.dismissed(wording)
    yield questions.not_open(wording)
    yield questions.from_coordinator(wording, text, text)
    for count in (0, 1, 30):
        yield questions.open_questions(wording, [(HIGHEST + number, text, number + 1) for number in range(count)])


def _of_broadcasts(wording: Wording) -> Iterator[Message]:
    yield broadcasts.how_to(wording)
    yield broadcasts.too_long(wording, 4096)
    yield broadcasts.how_to(wording, [(HIGHEST + index, NOON) for index in range(30)])
    somewhere = wording.event.sessions[0].id
    for audience in (Audience(), *(Audience(who, somewhere, "de") for who in Who)):
        for recipients in (0, 1, 1000):
            yield broadcasts.ask(wording, HIGHEST, recipients, audience)
        yield broadcasts.choose_audience(wording, HIGHEST, audience, dict.fromkeys(Who, 1000), ["en", "de", "xx"])
        yield broadcasts.ask_to_schedule(wording, HIGHEST, NOON, 1, audience)
        yield broadcasts.waits(wording, HIGHEST, NOON, audience)
    for page in range(3):
        yield broadcasts.choose_session(wording, HIGHEST, wording.event.sessions, page)
    yield broadcasts.choose_language(wording, HIGHEST, ["en", "de", "xx"])
    for fault in ("", "past", "unclear"):
        yield broadcasts.ask_for_time(wording, HIGHEST, [NOON, START], fault)
    yield broadcasts.ask_for_text(wording)
    yield broadcasts.source_waits(wording)
    for copies in (0, 1, 1000):
        yield broadcasts.ask_to_correct(wording, HIGHEST, copies)
        yield broadcasts.ask_to_withdraw(wording, HIGHEST, copies, 3)
        yield broadcasts.source_changed(wording, HIGHEST, copies)
    for stopped in (False, True):
        yield broadcasts.finished(wording, stopped)


def _of_broadcasts_of(wording: Wording, kind: str, name: str) -> Iterator[Message]:
    yield broadcasts.countdown(wording, kind, HIGHEST, 1000, 10)
    yield broadcasts.progress(wording, kind, HIGHEST, 3, 2, 1000)
    yield broadcasts.progress(wording, kind, HIGHEST, 0, 0, 0)
    yield broadcasts.dropped(wording, kind)
    reasons = ("blocked", "expired", "refused", "unreachable", "stopped", "too old", "something new")
    yield broadcasts.report(wording, Outcome(HIGHEST, kind, 1))
    counted = tuple((reason, 7) for reason in reasons)
    yield broadcasts.report(wording, Outcome(HIGHEST, kind, 1000, counted, (name,) * 20, 3, correctable=True))


def _of_changes(wording: Wording) -> Iterator[Message]:
    session = wording.event.sessions[0]
    told = Told.of(session)
    for before in (
        replace(told, start=told.start - timedelta(hours=1)),
        replace(told, room=words("Another room")),
        replace(told, room=None, end=None),
    ):
        yield changes.changed(wording, session, before)
    yield changes.told(wording, session, 1000)
    yield changes.removed(wording, told, session.id, 1)


def _of_reports(wording: Wording, name: str, text: str) -> Iterator[Message]:
    sessions = wording.event.registrable_sessions
    seats = {each.id: Seats(1000, 990, 5) for each in sessions}
    yield reports.stats(wording, seats, {each.id: 3 for each in sessions}, HIGHEST, 2)
    yield reports.stats(wording, {}, {}, 0, 0)
    yield reports.choose_export(wording)
    yield reports.choose_capacity(wording, sessions, seats)
    yield reports.choose_capacity(wording, sessions, {})
    for each in sessions:
        yield reports.ask_for_number(wording, each, seats[each.id])
        for capacity in (0, 991, 1_000_000):
            yield reports.ask_capacity(wording, each, seats[each.id], capacity)
        yield reports.capacity_set(wording, each, seats[each.id])
    yield reports.not_a_number(wording, 1_000_000)
    yield reports.ask_whom(wording)
    yield reports.found(wording, text, [])
    expected = [held for each in sessions for held in states(each, name)[:4]]
    yield reports.found(wording, text, expected)
    yield reports.unknown_registration(wording)


def notices(wording: Wording, text: str = "Is there coffee?") -> Iterator[Message]:
    """What is sent without being asked for: each is one message, since nobody cuts it."""
    yield questions.for_coordinator(wording, HIGHEST, text)
    yield questions.from_coordinator(wording, text, text)
    for each in wording.event.registrable_sessions:
        yield registrations.offer(wording, each, states(each, "Ada")[2], NOON)
        yield registrations.lapsed(wording, each, NOON)
        for rule in wording.event.reminders:
            yield reminders.reminder(wording, each, rule, NOON)


def captions(message: Message) -> list[str]:
    return [each.label for each in buttons(message)]


def buttons(message: Message) -> list[Button]:
    return [each for row in message.buttons for each in row]


def big_event(sign: str = "long", ids: str = "x" * 120) -> Event:
    """Two dozen sessions and many speakers, everything at great length; ``sign`` is what the texts are made of."""

    def text(length: int) -> str:
        return " ".join([sign] * (length // (len(sign) + 1)))

    speakers = [Speaker(f"{ids}-{number}", text(60), words(text(120)), words(text(60))) for number in range(40)]
    sessions = [
        session(
            f"{ids}-{number}",
            title=text(250),
            start=START + timedelta(hours=number),
            end=START + timedelta(hours=number, minutes=50),
            room=text(60),
            speakers=[each.id for each in speakers],
            capacity=None if number % 10 == 9 else 1000,
            description=text(6000),
        )
        for number in range(24)
    ]
    rules = [
        ReminderRule(f"{ids}-before", before=timedelta(days=2, hours=3), text=words(text(1000))),
        ReminderRule(f"{ids}-plain", before=timedelta(minutes=90)),
        ReminderRule(f"{ids}-after", after=timedelta(minutes=10), text=words(text(6000))),
        ReminderRule(f"{ids}-end", after=timedelta()),
    ]
    return event(
        *sessions,
        title=text(250),
        venue=Venue(words(text(120)), words(text(200)), (50.8, 4.3)),
        speakers=speakers,
        contact=Contact(text(60)),
        registration=RegistrationRules(note=words(text(800)), website="https://example.org/" + "a" * 200),
        reminders=rules,
    )
