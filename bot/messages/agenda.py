"""The programme: its days, its sessions, who speaks, and the way there."""

from datetime import date, datetime

from bot.knowledge.event import Session, Speaker
from bot.messages.actions import AskToRegister, Show, ShowSession, short
from bot.messages.message import Button, Message, Pin, button
from bot.messages.wording import Markup, Wording, joined, shortened

PAGE = 8
"""Sessions on one page of the agenda: a phone's screen, and one row of buttons."""
LONG_TEXT = 700


def agenda(wording: Wording, page: int, now: datetime) -> Message:
    """One page of the programme in the order of time; a single session is shown whole."""
    sessions = sorted(wording.event.sessions, key=lambda session: (session.start, session.id))
    if len(sessions) == 1:
        return session_details(wording, sessions[0], now)
    last = (len(sessions) - 1) // PAGE
    page = min(max(page, 0), last)
    shown = sessions[page * PAGE : page * PAGE + PAGE]
    head = wording.text("agenda.title", event=wording.of(wording.event.title), zone=wording.zone)
    numbers = tuple(button(str(index), ShowSession(short(each.id))) for index, each in enumerate(shown, 1))
    text = joined([head, *_by_day(wording, shown)], "\n\n")
    return Message(text, (numbers, *_paging(wording, page, last), (wording.screen("start"),)))


def first_page_of_today(wording: Wording, now: datetime) -> int:
    """The page that shows what is on or comes next, so that nobody leafs through days that are over."""
    over = sum(1 for session in wording.event.sessions if (session.end or session.start) < now)
    return min(over, len(wording.event.sessions) - 1) // PAGE


def _by_day(wording: Wording, sessions: list[Session]) -> list[Markup]:
    days: dict[date, list[Markup]] = {}
    for index, session in enumerate(sessions, 1):
        lines = days.setdefault(session.start.date(), [wording.text("agenda.day", day=wording.day(session.start))])
        lines.append(_line(wording, index, session))
    return [joined(lines) for lines in days.values()]


def _line(wording: Wording, index: int, session: Session) -> Markup:
    title, room = shortened(wording.of(session.title), 120), wording.of(session.room)
    key = "agenda.line_with_room" if room else "agenda.line"
    return wording.text(key, index=index, span=wording.span(session), title=title, room=room)


def _paging(wording: Wording, page: int, last: int) -> tuple[tuple[Button, ...], ...]:
    buttons = []
    if page > 0:
        buttons.append(button(wording.label("agenda.earlier"), Show("agenda", page - 1)))
    if page < last:
        buttons.append(button(wording.label("agenda.later"), Show("agenda", page + 1)))
    return (tuple(buttons),) if buttons else ()


def session_details(wording: Wording, session: Session, now: datetime) -> Message:
    """All that the file says of one session."""
    parts = [wording.text("session.title", title=wording.of(session.title)), wording.facts(session)]
    speakers = [wording.event.speakers_by_id[each] for each in session.speakers]
    if speakers:
        parts.append(joined([wording.text("session.speakers"), *(_speaker_line(wording, each) for each in speakers)]))
    if session.description:
        parts.append(wording.own_words(session.description, LONG_TEXT))
    return Message(joined(parts, "\n\n"), _session_buttons(wording, session, now))


def _session_buttons(wording: Wording, session: Session, now: datetime) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if session.takes_registrations and now < session.start:
        rows.append((button(wording.label("screens.register"), AskToRegister(short(session.id))),))
    if wording.event.venue:
        rows.append((wording.screen("venue"),))
    back = "agenda" if len(wording.event.sessions) > 1 else "start"
    return (*rows, (wording.screen(back),))


def _speaker_line(wording: Wording, speaker: Speaker) -> Markup:
    role = ", ".join(part for part in (wording.of(speaker.role), wording.of(speaker.affiliation)) if part)
    return wording.text("session.speaker_with_role" if role else "session.speaker", name=speaker.name, role=role)


def speakers(wording: Wording) -> Message:
    """Everybody who speaks; a long list is cut to what a phone bears."""
    most = 30
    listed = wording.event.speakers[:most]
    lines = [wording.text("speakers.title"), *(_speaker_line(wording, each) for each in listed)]
    if len(wording.event.speakers) > most:
        lines.append(wording.text("speakers.more", count=len(wording.event.speakers) - most))
    return Message(joined(lines), ((wording.screen("agenda"), wording.screen("start")),))


def directions(wording: Wording) -> Message:
    """Where it is, in words."""
    venue = wording.event.venue
    if venue is None:
        return Message(wording.text("venue.unknown"), ((wording.screen("agenda"),),))
    lines = [wording.text("venue.title", name=wording.of(venue.name))]
    if venue.address:
        lines.append(wording.own_words(venue.address))
    if len(wording.event.sessions) == 1 and wording.event.sessions[0].room:
        lines.append(wording.text("session.room", room=wording.of(wording.event.sessions[0].room)))
    return Message(joined(lines), ((wording.screen("agenda"), wording.screen("start")),))


def pin(wording: Wording) -> Pin | None:
    """The venue on the map, where the file has coordinates."""
    venue = wording.event.venue
    if venue is None or venue.coordinates is None:
        return None
    return Pin(wording.of(venue.name), wording.of(venue.address) or wording.of(venue.name), *venue.coordinates)
