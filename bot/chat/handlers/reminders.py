"""Which reminders one wants."""

from dataclasses import replace
from datetime import timedelta

from bot.chat.request import Request
from bot.knowledge.duration import parse_duration
from bot.messages import help as help_messages
from bot.messages import reminders as messages
from bot.messages.actions import ChooseLead, ToggleReminder, short
from bot.storage import people


async def reminders(request: Request) -> None:
    """The switches; ``/reminders 45 minutes`` chooses a lead time of one's own."""
    if not request.arguments:
        request.show(messages.settings(request.wording, request.person.muted, request.person.lead))
        return
    try:
        lead = parse_duration(request.arguments)
    except ValueError:
        request.say(messages.no_length(request.wording))
        return
    await _choose(request, timedelta(minutes=lead.total_seconds() // 60))


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


async def choose_lead(request: Request, action: ChooseLead) -> None:
    if action.minutes < 0:
        request.note = help_messages.outdated_button(request.wording)
        return
    await _choose(request, timedelta(minutes=min(action.minutes, 10**6)))


async def _choose(request: Request, length: timedelta) -> None:
    if length > messages.LONGEST_LEAD:
        request.say(messages.too_far(request.wording))
        return
    lead = length or None
    await people.choose_lead(request.tx, request.person.id, lead, request.now)
    request.speak(replace(request.person, lead=lead))
    request.show(messages.settings(request.wording, request.person.muted, lead))
