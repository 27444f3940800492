"""A session that is at another time or in another place than people were told."""

from collections.abc import Callable

from bot.attendance.changes import Told
from bot.i18n import formats
from bot.knowledge.event import Session
from bot.messages.message import Message
from bot.messages.wording import Wording, joined

Said = Callable[[Wording], Message]


def changed(wording: Wording, session: Session, before: Told) -> Message:
    """What is different, each with what it was, and then how it stands now."""
    after = Told.of(session)
    lines = [wording.text("changes.changed", title=wording.of(session.title))]
    if before.moved(after):
        old = formats.span(wording.language, before.start, before.end)
        lines.append(wording.text("changes.time", day=wording.day(before.start), span=old))
    if before.elsewhere(after):
        old = wording.of(before.room)
        lines.append(wording.text("changes.room", room=old) if old else wording.text("changes.room_known"))
    rows = [wording.screen("status"), wording.screen("cancel")]
    directions = [(wording.screen("venue"),)] if wording.event.venue else []
    return Message(joined([joined(lines), wording.facts(session)], "\n\n"), (tuple(rows), *directions))


def told(wording: Wording, session: Session, people: int) -> Message:
    """To the coordinator: who has been told."""
    lines = [
        wording.text("changes.told", title=wording.of(session.title), count=people),
        wording.facts(session),
    ]
    return Message(joined(lines, "\n\n"), ((wording.screen("coordinator"),),))


def removed(wording: Wording, before: Told, session_id: str, people: int) -> Message:
    """To the coordinator: a session with people in it has gone from the file, and nobody was told."""
    text = wording.text("changes.removed", title=wording.of(before.title), id=session_id, count=people)
    return Message(text, ((wording.screen("broadcast"), wording.screen("coordinator")),))
