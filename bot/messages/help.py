"""First words, the list of commands, and what is said when there is nothing else to say."""

from bot.i18n import formats
from bot.i18n.catalog import available_languages
from bot.messages.actions import ChooseLanguage
from bot.messages.message import Button, Buttons, Message, button
from bot.messages.wording import Markup, Wording, joined

ATTENDEE_COMMANDS = ("start", "help", "agenda", "register", "cancel", "status", "reminders", "language", "privacy")
COORDINATOR_COMMANDS = ("broadcast", "stats", "questions", "checkin", "export", "capacity")


def commands(wording: Wording, coordinator: bool) -> tuple[tuple[str, str], ...]:
    """What the menu button lists, as (command, what it does)."""
    names = ATTENDEE_COMMANDS + (COORDINATOR_COMMANDS if coordinator else ())
    return tuple((name, wording.label(f"commands.{name}")) for name in names)


def welcome(wording: Wording, coordinator: bool) -> Message:
    """The first screen: what, when, where, and what one can do here."""
    event = wording.event
    lines = [wording.text("start.hello", event=wording.of(event.title))]
    lines.append(wording.facts(event.sessions[0]) if len(event.sessions) == 1 else _several(wording))
    lines.append(wording.text("start.what_i_do" if event.registrable_sessions else "start.what_i_do_without_seats"))
    if coordinator:
        lines.append(wording.text("start.coordinator"))
    return Message(joined(lines, "\n\n"), home(wording, coordinator))


def _several(wording: Wording) -> Markup:
    starts = [session.start for session in wording.event.sessions]
    first, last = wording.day(min(starts)), wording.day(max(starts))
    days = first if first == last else f"{first} – {last}"
    venue = wording.event.venue
    sessions = wording.text("start.sessions", count=len(starts), days=days, zone=wording.zone)
    return joined([sessions, wording.text("session.venue", venue=wording.of(venue.name))]) if venue else sessions


def home(wording: Wording, coordinator: bool) -> Buttons:
    """Buttons for everything that a command does."""
    rows: list[tuple[Button, ...]] = []
    if wording.event.registrable_sessions:
        rows += [(wording.screen("register"), wording.screen("status"))]
    rows += (
        [(wording.screen("agenda"), wording.screen("venue"))] if wording.event.venue else [(wording.screen("agenda"),)]
    )
    rows += [
        (wording.screen("reminders"), wording.screen("language")),
        (wording.screen("help"), wording.screen("privacy")),
    ]
    if coordinator:
        rows.append((wording.screen("coordinator"),))
    return tuple(rows)


def help_text(wording: Wording, coordinator: bool) -> Message:
    """What one can ask and type."""
    parts = [wording.text("help.ask"), _listed(wording, ATTENDEE_COMMANDS)]
    if coordinator:
        parts += [wording.text("help.coordinator"), _listed(wording, COORDINATOR_COMMANDS)]
    return Message(joined(parts, "\n\n"), home(wording, coordinator))


def _listed(wording: Wording, names: tuple[str, ...]) -> str:
    return joined(wording.text("help.command", name=name, what=wording.label(f"commands.{name}")) for name in names)


def coordinator_menu(wording: Wording) -> Message:
    """A button for each of the coordinator's commands."""
    screens = [wording.screen(name) for name in COORDINATOR_COMMANDS]
    rows = tuple(tuple(screens[index : index + 2]) for index in range(0, len(screens), 2))
    return Message(wording.text("coordinator.menu"), (*rows, (wording.screen("start"),)))


def unknown_command(wording: Wording, command: str) -> Message:
    return Message(wording.text("help.unknown_command", command=command[:40]), ((wording.screen("help"),),))


def only_text(wording: Wording, coordinator: bool) -> Message:
    """The answer to a photo, a voice message, a sticker …"""
    key = "help.only_text_coordinator" if coordinator else "help.only_text"
    return Message(wording.text(key), ((wording.screen("help"),),))


def apology(wording: Wording) -> Message:
    """Something of ours went wrong, and trying again did not help."""
    return Message(wording.text("help.apology"), ((wording.screen("start"),),))


def outdated_button(wording: Wording) -> str:
    return wording.label("help.outdated_button")


def group_pointer(wording: Wording, username: str) -> Message:
    """Said once in a group."""
    link = f"https://t.me/{username}"
    return Message(
        wording.text("help.group", event=wording.of(wording.event.title)),
        ((Button(wording.label("help.open_chat"), url=link),),),
    )


def left_alone(wording: Wording) -> Message:
    """After ❌."""
    return Message(wording.text("help.left_alone"), ((wording.screen("start"),),))


def languages(wording: Wording) -> Message:
    """The languages to choose from, a button each, in their own names."""
    choices = [button(formats.language_name(code), ChooseLanguage(code)) for code in available_languages()]
    rows = tuple(tuple(choices[index : index + 2]) for index in range(0, len(choices), 2))
    key = "language.choose" if len(choices) > 1 else "language.only"
    text = wording.text(key, language=formats.language_name(wording.language))
    return Message(text, (*(rows if len(choices) > 1 else ()), (wording.screen("start"),)))


def language_chosen(wording: Wording, coordinator: bool) -> Message:
    name = formats.language_name(wording.language)
    return Message(wording.text("language.chosen", language=name), home(wording, coordinator))
