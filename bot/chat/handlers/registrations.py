"""Registering, cancelling, offers, and what one has."""

from bot.attendance import seating
from bot.chat.request import Request
from bot.knowledge.event import Session
from bot.messages import registrations as messages
from bot.messages.actions import AcceptOffer, AskToCancel, AskToRegister, Cancel, RefuseOffer, Register
from bot.storage import registrations


async def register(request: Request, page: int = 0) -> None:
    """With one session, the question; with several, which one; with a registration already, what one has."""
    open_sessions = request.event.registrable_sessions
    if not open_sessions:
        request.show(messages.nothing_to_register_for(request.wording))
    elif len(open_sessions) == 1:
        await _ask(request, open_sessions[0])
    else:
        ahead = [each for each in open_sessions if request.now < each.start] or list(open_sessions)
        ahead.sort(key=lambda session: session.start)
        request.show(messages.choose_session(request.wording, ahead, page))


async def ask_to_register(request: Request, action: AskToRegister) -> None:
    session = request.services.session(action.session)
    if session is None or not session.takes_registrations:
        request.show(messages.nothing_to_register_for(request.wording))
        return
    await _ask(request, session)


async def _ask(request: Request, session: Session) -> None:
    existing = await registrations.active(request.tx, request.person.id, session.id)
    hindrance = seating.registration_window(request.event.registration, session, request.now)
    if existing is not None:
        request.show(messages.status(request.wording, [existing]))
    elif hindrance is not None:
        request.show(messages.hindered(request.wording, session, hindrance))
    else:
        seats = await registrations.seats(request.tx, session.id)
        request.show(messages.ask(request.wording, session, seats))


async def confirm(request: Request, action: Register) -> None:
    session = request.services.session(action.session)
    session_id = session.id if session else ""
    outcome = await request.services.registrations.register(
        request.tx, request.person, session_id, request.arrival, request.now
    )
    request.show(messages.registered(request.wording, session, outcome))


async def status(request: Request) -> None:
    request.show(messages.status(request.wording, await registrations.active_of(request.tx, request.person.id)))


async def cancel(request: Request) -> None:
    sessions = request.event.sessions_by_id
    standing = await registrations.active_of(request.tx, request.person.id)
    ahead = [each for each in standing if each.session in sessions and request.now < sessions[each.session].start]
    if standing and not ahead and standing[0].session in sessions:
        request.show(messages.begun(request.wording, sessions[standing[0].session]))
    else:
        request.show(messages.choose_cancellation(request.wording, ahead))


async def ask_to_cancel(request: Request, action: AskToCancel) -> None:
    standing = await registrations.active_of(request.tx, request.person.id)
    chosen = [each for each in standing if each.number == action.registration]
    session = request.event.sessions_by_id.get(chosen[0].session) if chosen else None
    if session is not None and request.now >= session.start:
        request.show(messages.begun(request.wording, session))
    elif session is not None:
        request.show(messages.ask_to_cancel(request.wording, chosen[0]))
    else:
        request.show(messages.nothing_there(request.wording, None, request.now))


async def confirm_cancel(request: Request, action: Cancel) -> None:
    service = request.services.registrations
    outcome = await service.cancel(request.tx, request.person.id, action.registration, request.now)
    request.show(messages.cancelled(request.wording, outcome, request.now))


async def accept(request: Request, action: AcceptOffer) -> None:
    service = request.services.registrations
    outcome = await service.accept(request.tx, request.person.id, action.registration, request.now)
    request.show(messages.accepted(request.wording, outcome, request.now))


async def refuse(request: Request, action: RefuseOffer) -> None:
    service = request.services.registrations
    outcome = await service.refuse(request.tx, request.person.id, action.registration, request.now)
    request.show(messages.refused(request.wording, outcome, request.now))
