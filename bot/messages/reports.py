"""What the coordinator sees of the event: figures, exports, capacities and the door."""

from collections.abc import Mapping, Sequence

from bot.attendance.registration import Registration, Status
from bot.attendance.seating import Seats
from bot.knowledge.event import Session
from bot.messages.actions import AskForCapacity, CheckIn, Export, SetCapacity, UndoCheckIn, short
from bot.messages.message import Button, Message, button
from bot.messages.wording import Markup, Wording, joined, shortened

MANY = 20
"""Sessions or people that one message lists."""


def stats(
    wording: Wording, seats: Mapping[str, Seats], here: Mapping[str, int], people: int, questions: int
) -> Message:
    """How full each session is, who is there, and what waits for the coordinator."""
    sessions = [session for session in wording.event.registrable_sessions if session.id in seats]
    parts = [_figures(wording, session, seats[session.id], here.get(session.id, 0)) for session in sessions[:MANY]]
    if len(sessions) > MANY:
        parts.append(wording.text("stats.more", count=len(sessions) - MANY))
    parts.append(joined([wording.text("stats.people", count=people), wording.text("stats.questions", count=questions)]))
    return Message(
        joined(parts, "\n\n"),
        ((wording.screen("export"), wording.screen("questions")), (wording.screen("coordinator"),)),
    )


def _figures(wording: Wording, session: Session, seats: Seats, here: int) -> Markup:
    return joined(
        [
            wording.text("session.title", title=shortened(wording.of(session.title), 100)),
            wording.text("stats.seats", taken=wording.number(seats.taken), capacity=wording.number(seats.capacity)),
            wording.text("stats.waiting", count=seats.waiting),
            wording.text("stats.here", count=here),
        ]
    )


def choose_export(wording: Wording) -> Message:
    kinds = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))
    return Message(
        wording.text("export.choose"),
        (tuple(button(label, Export(kind)) for kind, label in kinds), (wording.screen("coordinator"),)),
    )


def export_caption(wording: Wording, rows: int, moment: str) -> str:
    return wording.label("export.caption", count=rows, moment=moment)


def choose_capacity(
    wording: Wording, sessions: Sequence[Session], seats: Mapping[str, Seats], asked: str = ""
) -> Message:
    """Whose number of seats is to change? ``asked`` is what was typed and is no session's id."""
    known = [session for session in sessions if session.id in seats][:MANY]
    rows = [
        (button(_capacity_caption(wording, each, seats[each.id]), AskForCapacity(short(each.id))),) for each in known
    ]
    text = wording.text("capacity.choose" if rows else "register.nothing")
    if asked and rows:
        text = joined([wording.text("capacity.unknown", asked=shortened(asked, 60)), text], "\n\n")
    return Message(text, (*rows, (wording.screen("coordinator"),)))


def _capacity_caption(wording: Wording, session: Session, seats: Seats) -> str:
    return f"{shortened(wording.of(session.title), 40)}: {wording.number(seats.capacity)}"


def ask_for_number(wording: Wording, session: Session, seats: Seats) -> Message:
    text = wording.text(
        "capacity.ask_number",
        title=wording.of(session.title),
        capacity=wording.number(seats.capacity),
        taken=wording.number(seats.taken),
    )
    return Message(text, ((wording.stop(),),))


def not_a_number(wording: Wording, most: int) -> Message:
    return Message(wording.text("capacity.not_a_number", most=wording.number(most)), ((wording.stop(),),))


def ask_capacity(wording: Wording, session: Session, seats: Seats, capacity: int) -> Message:
    """The question before a number of seats changes, with what it will do."""
    lines = [
        wording.text(
            "capacity.ask",
            title=wording.of(session.title),
            old=wording.number(seats.capacity),
            new=wording.number(capacity),
        )
    ]
    if capacity < seats.taken:
        lines.append(wording.text("capacity.below", count=seats.taken))
    offers = min(max(0, capacity - seats.taken), seats.waiting)
    if offers:
        lines.append(wording.text("capacity.offers", count=offers))
    go = wording.go("capacity.yes", SetCapacity(short(session.id), capacity))
    return Message(joined(lines, "\n\n"), ((go,), (wording.stop(),)))


def capacity_set(wording: Wording, session: Session, seats: Seats) -> Message:
    text = wording.text(
        "capacity.done",
        title=wording.of(session.title),
        capacity=wording.number(seats.capacity),
        taken=wording.number(seats.taken),
        waiting=seats.waiting,
    )
    return Message(text, ((wording.screen("stats"), wording.screen("coordinator")),))


def ask_whom(wording: Wording) -> Message:
    return Message(wording.text("checkin.ask"), ((wording.stop(),),))


def found(wording: Wording, query: str, registrations: Sequence[Registration]) -> Message:
    """Who may be meant; one tap checks in, another undoes it."""
    if not registrations:
        return Message(wording.text("checkin.nobody", query=query), _door_rows(wording))
    rows = [(_door_button(wording, each),) for each in registrations[:MANY]]
    return Message(wording.text("checkin.found", query=query), (*rows, *_door_rows(wording)))


def _door_rows(wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """To the next person, or away from the door: until then every text is taken for a name."""
    return ((wording.screen("checkin"), wording.screen("coordinator")),)


def _door_button(wording: Wording, registration: Registration) -> Button:
    name = f"{registration.name} · {registration.code}"
    if len(wording.event.registrable_sessions) > 1:
        name += f" · {shortened(wording.of(wording.event.sessions_by_id[registration.session].title), 20)}"
    if registration.checked_in_at:
        label = wording.label("checkin.undo", name=name, time=wording.time(registration.checked_in_at))
        return button(label, UndoCheckIn(registration.number))
    key = "checkin.in" if registration.status is Status.CONFIRMED else f"checkin.{registration.status.value}"
    return button(wording.label(key, name=name), CheckIn(registration.number))


def checked_in(wording: Wording, registration: Registration) -> Message:
    """The word at the door, one for each case."""
    if registration.status is not Status.CONFIRMED:
        return Message(
            wording.text(f"checkin.no_seat.{registration.status.value}", name=registration.name),
            _door_rows(wording),
        )
    time = wording.time(registration.checked_in_at) if registration.checked_in_at else ""
    text = wording.text("checkin.done", name=registration.name, code=registration.code, time=time)
    return Message(text, ((_door_button(wording, registration),), *_door_rows(wording)))


def check_in_undone(wording: Wording, registration: Registration) -> Message:
    if registration.status is Status.CANCELLED:
        return checked_in(wording, registration)
    text = wording.text("checkin.undone", name=registration.name, code=registration.code)
    return Message(text, ((_door_button(wording, registration),), *_door_rows(wording)))


def unknown_registration(wording: Wording) -> Message:
    return Message(wording.text("checkin.unknown"), _door_rows(wording))
