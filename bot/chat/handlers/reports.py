"""Figures, exports, numbers of seats, and the door: the coordinator's side."""

from bot.attendance.seating import Seats
from bot.chat.request import Request
from bot.knowledge.event import Session
from bot.messages import help as help_messages
from bot.messages import reports as messages
from bot.messages.actions import AskForCapacity, CheckIn, Export, SetCapacity, UndoCheckIn, short
from bot.messages.message import File
from bot.services import exports, reports
from bot.storage import registrations

MOST_SEATS = 1_000_000


async def stats(request: Request) -> None:
    figures = await reports.figures(request.tx)
    request.show(
        messages.stats(request.wording, figures.seats, figures.checked_in, figures.people, figures.open_questions)
    )


async def choose_export(request: Request) -> None:
    request.show(messages.choose_export(request.wording))


async def export(request: Request, action: Export) -> None:
    if action.format not in exports.FORMATS:
        request.note = help_messages.outdated_button(request.wording)
        return
    rows = exports.rows(await registrations.export(request.tx), request.event.timezone)
    content = exports.table(action.format, rows)
    caption = messages.export_caption(request.wording, len(rows), request.wording.moment(request.now))
    request.say(File(f"registrations.{action.format}", content, caption))


async def capacity(request: Request) -> None:
    """``/capacity``, ``/capacity 150`` or ``/capacity SESSION 150``; what is missing is asked for."""
    sessions, words = request.event.registrable_sessions, request.arguments.split()
    named = next((each for each in sessions if words and each.id == words[0].casefold()), None)
    rest = words[1:] if named else words
    session = named or (sessions[0] if len(sessions) == 1 else None)
    seats = await registrations.all_seats(request.tx)
    if session is None or session.id not in seats:
        request.show(messages.choose_capacity(request.wording, sessions, seats, request.arguments))
    elif not rest:
        await _ask_for_number(request, session, seats[session.id])
    else:
        await take_capacity(request, short(session.id), " ".join(rest))


def _number_of_seats(text: str) -> int | None:
    digits = text.strip()
    number = int(digits) if digits.isdecimal() and len(digits) <= len(str(MOST_SEATS)) else None
    return number if number is not None and number <= MOST_SEATS else None


async def ask_for_capacity(request: Request, action: AskForCapacity) -> None:
    session = request.services.session(action.session)
    seats = await registrations.all_seats(request.tx)
    if session is None or session.id not in seats:
        request.note = help_messages.outdated_button(request.wording)
        return
    await _ask_for_number(request, session, seats[session.id])


async def _ask_for_number(request: Request, session: Session, seats: Seats) -> None:
    await request.expect(f"capacity:{short(session.id)}")
    request.show(messages.ask_for_number(request.wording, session, seats))


async def take_capacity(request: Request, key: str, text: str) -> None:
    """The coordinator has written the new number."""
    session = request.services.session(key)
    if session is None:
        return
    number = _number_of_seats(text)
    if number is None:
        await request.expect(f"capacity:{key}")
        request.say(messages.not_a_number(request.wording, MOST_SEATS))
        return
    await _ask_capacity(request, session, number)


async def _ask_capacity(request: Request, session: Session, number: int) -> None:
    seats = await registrations.seats(request.tx, session.id)
    request.say(messages.ask_capacity(request.wording, session, seats, number))


async def set_capacity(request: Request, action: SetCapacity) -> None:
    session = request.services.session(action.session)
    if session is None or not session.takes_registrations or not 0 <= action.capacity <= MOST_SEATS:
        request.note = help_messages.outdated_button(request.wording)
        return
    await request.services.registrations.set_capacity(request.tx, session.id, action.capacity, request.now)
    seats = await registrations.seats(request.tx, session.id)
    request.show(messages.capacity_set(request.wording, session, seats))


async def check_in_dialogue(request: Request) -> None:
    """``/checkin NAME`` searches at once; without a name it asks for one."""
    if request.arguments:
        await find_at_the_door(request, request.arguments)
        return
    await request.expect("checkin")
    request.show(messages.ask_whom(request.wording))


async def find_at_the_door(request: Request, query: str) -> None:
    """A queue stands there, so the next text is a name again."""
    await request.expect("checkin")
    found = await reports.at_the_door(request.tx, query)
    known = [each for each in found if each.session in request.event.sessions_by_id]
    request.say(messages.found(request.wording, query[:60], known))


async def check_in(request: Request, action: CheckIn) -> None:
    registration = await reports.check_in(request.tx, action.registration, request.person.id, request.now)
    if registration is None or registration.session not in request.event.sessions_by_id:
        request.show(messages.unknown_registration(request.wording))
        return
    await request.expect("checkin")
    request.show(messages.checked_in(request.wording, registration))


async def undo_check_in(request: Request, action: UndoCheckIn) -> None:
    registration = await reports.undo_check_in(request.tx, action.registration)
    if registration is None or registration.session not in request.event.sessions_by_id:
        request.show(messages.unknown_registration(request.wording))
        return
    await request.expect("checkin")
    request.show(messages.check_in_undone(request.wording, registration))
