"""Registering, the waiting list, offers, cancelling, and what one has."""

from collections.abc import Sequence
from datetime import datetime

from bot.attendance.outcomes import (
    Accepted,
    AcceptOutcome,
    AlreadyRegistered,
    Cancelled,
    CancelOutcome,
    NoSuchSession,
    Refused,
    RefuseOutcome,
    RegisterOutcome,
    TooLate,
)
from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Closed, NotYet, Seats, registration_window
from bot.knowledge.event import Session
from bot.messages.actions import (
    AcceptOffer,
    AskToCancel,
    AskToRegister,
    Cancel,
    RefuseOffer,
    Register,
    Show,
    short,
)
from bot.messages.message import Button, Message, Style, button
from bot.messages.wording import Markup, Wording, joined, shortened, to_the_minute

PAGE = 8


def nothing_to_register_for(wording: Wording) -> Message:
    return Message(wording.text("register.nothing"), ((wording.screen("agenda"),),))


def choose_session(wording: Wording, sessions: Sequence[Session], page: int) -> Message:
    """Which session? A button each."""
    last = max(0, (len(sessions) - 1) // PAGE)
    page = min(max(page, 0), last)
    shown = sessions[page * PAGE : page * PAGE + PAGE]
    rows = [(button(_caption(wording, each), AskToRegister(short(each.id))),) for each in shown]
    paging: list[Button] = []
    if page > 0:
        paging.append(button(wording.label("agenda.earlier"), Show("register", page - 1)))
    if page < last:
        paging.append(button(wording.label("agenda.later"), Show("register", page + 1)))
    return Message(wording.text("register.choose"), (*rows, *([tuple(paging)] if paging else []), (wording.stop(),)))


def _caption(wording: Wording, session: Session) -> str:
    days = {each.start.date() for each in wording.event.sessions}
    day = f"{wording.short_day(session.start)} " if len(days) > 1 else ""
    return f"{day}{wording.time(session.start)} {shortened(wording.of(session.title), 50)}"


def ask(wording: Wording, session: Session, seats: Seats) -> Message:
    """The one question before a registration."""
    parts = [wording.text("register.ask", title=wording.of(session.title)), wording.facts(session)]
    if seats.open_to_newcomers:
        parts.append(wording.text("register.free", count=seats.free))
        go = wording.go("register.yes", Register(short(session.id)))
    else:
        key = "register.full" if seats.capacity else "register.no_seats"
        parts.append(wording.text(key, position=seats.waiting + 1))
        go = wording.go("register.join", Register(short(session.id)))
    parts.append(wording.text("register.privacy"))
    return Message(joined(parts, "\n\n"), ((go,), (wording.stop(),)))


def hindered(wording: Wording, session: Session, hindrance: NotYet | Closed) -> Message:
    """Too early, or too late."""
    key, moment = (
        ("register.not_yet", hindrance.opens)
        if isinstance(hindrance, NotYet)
        else ("register.closed", hindrance.closed)
    )
    text = wording.text(key, title=wording.of(session.title), moment=wording.moment(moment), zone=wording.zone)
    return Message(text, ((wording.screen("agenda"),),))


def registered(wording: Wording, session: Session | None, outcome: RegisterOutcome) -> Message:
    """What came of registering."""
    if session is None or isinstance(outcome, NoSuchSession):
        return nothing_to_register_for(wording)
    if isinstance(outcome, NotYet | Closed):
        return hindered(wording, session, outcome)
    if isinstance(outcome, AlreadyRegistered):
        return _standing(wording, session, outcome.registration, wording.text("register.already"))
    return _standing(wording, session, outcome.registration, None)


def _standing(wording: Wording, session: Session, registration: Registration, head: Markup | None) -> Message:
    parts = [head] if head else []
    parts += [_entry(wording, session, registration), *_note(wording)]
    return Message(
        joined(parts, "\n\n"),
        (*_choices(wording, registration), (wording.screen("reminders"), wording.screen("start"))),
    )


def _entry(wording: Wording, session: Session, registration: Registration) -> Markup:
    title = wording.text("session.title", title=wording.of(session.title))
    return joined([_state(wording, registration), joined([title, wording.facts(session)])], "\n\n")


def _state(wording: Wording, registration: Registration) -> Markup:
    if registration.status is Status.CONFIRMED:
        key = "status.checked_in" if registration.checked_in_at else "status.confirmed"
        return wording.text(key, code=registration.code)
    if registration.status is Status.OFFERED and registration.offered_until:
        return wording.text("status.offered", moment=wording.moment(registration.offered_until), zone=wording.zone)
    return wording.text("status.waitlisted", position=registration.position or 1)


def _note(wording: Wording) -> list[Markup]:
    rules = wording.event.registration
    lines = []
    if rules.note:
        lines.append(wording.text("status.note", note=wording.of(rules.note)))
    if rules.website:
        lines.append(wording.text("status.website", website=rules.website))
    return [joined(lines)] if lines else []


def _choices(wording: Wording, registration: Registration) -> tuple[tuple[Button, ...], ...]:
    if registration.status is Status.OFFERED:
        return offer_buttons(wording, registration.number)
    key = "cancel.leave_queue" if registration.status is Status.WAITLISTED else "cancel.button"
    return ((button(wording.label(key), AskToCancel(registration.number)),),)


def offer_buttons(wording: Wording, number: int) -> tuple[tuple[Button, ...], ...]:
    return ((wording.go("offer.take", AcceptOffer(number)),), (wording.stop("offer.refuse", RefuseOffer(number)),))


def status(wording: Wording, registrations: Sequence[Registration]) -> Message:
    """All that one has, and which other register counts."""
    sessions = wording.event.sessions_by_id
    standing = [each for each in registrations if each.session in sessions]
    if not standing:
        return Message(joined([wording.text("status.none"), *_note(wording)], "\n\n"), _invitation(wording))
    if len(standing) == 1:
        return _standing(wording, sessions[standing[0].session], standing[0], None)
    entries = [_entry(wording, sessions[each.session], each) for each in standing]
    rows = [row for each in standing for row in _named_choices(wording, sessions[each.session], each)]
    return Message(joined([*entries, *_note(wording)], "\n\n"), (*rows[:20], (wording.screen("start"),)))


def _invitation(wording: Wording) -> tuple[tuple[Button, ...], ...]:
    return ((wording.screen("register"),),) if wording.event.registrable_sessions else ((wording.screen("agenda"),),)


def _named_choices(wording: Wording, session: Session, registration: Registration) -> list[tuple[Button, ...]]:
    title = shortened(wording.of(session.title), 40)
    if registration.status is Status.OFFERED:
        take = button(f"✅ {title}", AcceptOffer(registration.number), Style.GO)
        return [(take, button(f"❌ {title}", RefuseOffer(registration.number), Style.STOP))]
    return [(button(wording.label("cancel.named", title=title), AskToCancel(registration.number)),)]


def choose_cancellation(wording: Wording, registrations: Sequence[Registration]) -> Message:
    """Which one to give back? With one there is nothing to choose, with none nothing to do."""
    sessions = wording.event.sessions_by_id
    standing = [each for each in registrations if each.session in sessions]
    if not standing:
        return Message(wording.text("cancel.nothing"), _invitation(wording))
    if len(standing) == 1:
        return ask_to_cancel(wording, standing[0])
    rows = [(button(_caption(wording, sessions[each.session]), AskToCancel(each.number)),) for each in standing[:20]]
    return Message(wording.text("cancel.choose"), (*rows, (wording.stop("cancel.keep"),)))


def ask_to_cancel(wording: Wording, registration: Registration) -> Message:
    """A seat given back may be gone for good, so it is asked once."""
    session = wording.event.sessions_by_id[registration.session]
    key = "cancel.ask_queue" if registration.status is Status.WAITLISTED else "cancel.ask"
    text = joined([wording.text(key, title=wording.of(session.title)), wording.facts(session)], "\n\n")
    return Message(text, ((wording.go("cancel.yes", Cancel(registration.number)),), (wording.stop("cancel.keep"),)))


def begun(wording: Wording, session: Session) -> Message:
    """Too late to give anything back."""
    return Message(wording.text("cancel.begun", title=wording.of(session.title)), ((wording.screen("start"),),))


def cancelled(wording: Wording, outcome: CancelOutcome, now: datetime) -> Message:
    """What came of cancelling."""
    if isinstance(outcome, TooLate):
        return begun(wording, wording.event.sessions_by_id[outcome.registration.session])
    if not isinstance(outcome, Cancelled):
        return nothing_there(wording, outcome.session, now)
    waited = outcome.registration.status is Status.WAITLISTED
    key = "cancel.done_queue" if waited else "cancel.done"
    return Message(wording.text(key), _again(wording, outcome.registration.session, now))


def _again(wording: Wording, session_id: str | None, now: datetime) -> tuple[tuple[Button, ...], ...]:
    """A way back into the queue, as long as one can register at all."""
    rows: list[tuple[Button, ...]] = []
    session = wording.event.sessions_by_id.get(session_id or "")
    if session is not None and registration_window(wording.event.registration, session, now) is None:
        rows.append((button(wording.label("cancel.again"), AskToRegister(short(session.id))),))
    return (*rows, (wording.screen("start"),))


def nothing_there(wording: Wording, session: str | None, now: datetime) -> Message:
    """The button was about something that is no more."""
    return Message(wording.text("cancel.gone"), _again(wording, session, now))


def offer(wording: Wording, session: Session, registration: Registration, now: datetime) -> Message:
    """A seat has become free."""
    until = registration.offered_until or now
    held = wording.text(
        "offer.until",
        moment=wording.moment(until),
        zone=wording.zone,
        left=wording.duration(to_the_minute(until - now)),
    )
    parts = [wording.text("offer.free", title=wording.of(session.title)), wording.facts(session), held]
    return Message(joined(parts, "\n\n"), offer_buttons(wording, registration.number))


def accepted(wording: Wording, outcome: AcceptOutcome, now: datetime) -> Message:
    if isinstance(outcome, Accepted):
        session = wording.event.sessions_by_id[outcome.registration.session]
        return _standing(wording, session, outcome.registration, None)
    if isinstance(outcome, AlreadyRegistered):
        session = wording.event.sessions_by_id[outcome.registration.session]
        return _standing(wording, session, outcome.registration, wording.text("register.already"))
    return nothing_there(wording, outcome.session, now)


def refused(wording: Wording, outcome: RefuseOutcome, now: datetime) -> Message:
    if isinstance(outcome, Refused):
        return Message(wording.text("offer.refused"), _again(wording, outcome.registration.session, now))
    if isinstance(outcome, AlreadyRegistered):
        session = wording.event.sessions_by_id[outcome.registration.session]
        return _standing(wording, session, outcome.registration, wording.text("register.already"))
    return nothing_there(wording, outcome.session, now)


def lapsed(wording: Wording, session: Session, now: datetime) -> Message:
    """The offer was not taken in time."""
    return Message(wording.text("offer.lapsed", title=wording.of(session.title)), _again(wording, session.id, now))
