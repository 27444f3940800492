"""The programme, its sessions, and the way to the venue."""

from bot.chat.request import Request
from bot.messages import agenda as messages
from bot.messages import help as help_messages
from bot.messages.actions import ShowSession


async def agenda(request: Request, page: int | None = None) -> None:
    if page is None:
        page = messages.first_page_of_today(request.wording, request.now)
    request.show(messages.agenda(request.wording, page, request.now))


async def session(request: Request, action: ShowSession) -> None:
    found = request.services.session(action.session)
    if found is None:
        request.note = help_messages.outdated_button(request.wording)
        return
    request.show(messages.session_details(request.wording, found, request.now))


async def speakers(request: Request) -> None:
    request.show(messages.speakers(request.wording))


async def venue(request: Request) -> None:
    """In words, and as a pin that opens the phone's map. New messages: the one before is still wanted."""
    request.say(messages.directions(request.wording))
    pin = messages.pin(request.wording)
    if pin is not None:
        request.say(pin)
