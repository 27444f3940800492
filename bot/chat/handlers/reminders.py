"""Which reminders one wants."""

from dataclasses import replace

from bot.chat.request import Request
from bot.messages import help as help_messages
from bot.messages import reminders as messages
from bot.messages.actions import ToggleReminder, short
from bot.storage import people


async def reminders(request: Request) -> None:
    request.show(messages.settings(request.wording, request.person.muted))


async def toggle(request: Request, action: ToggleReminder) -> None:
    """The button says what is wanted, not "the other way round": a doubled tap must not undo itself."""
    rule = next((each.id for each in request.event.reminders if short(each.id) == action.rule), None)
    if rule is None:
        request.note = help_messages.outdated_button(request.wording)
        return
    muted = request.person.muted - {rule} if action.wanted else request.person.muted | {rule}
    await people.mute(request.tx, request.person.id, muted)
    request.speak(replace(request.person, muted=muted))
    await reminders(request)
