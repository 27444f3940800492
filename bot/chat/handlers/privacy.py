"""One's own data: what is kept, all of it as a file, none of it any more."""

from bot.chat.request import Request
from bot.messages import privacy as messages
from bot.messages.message import File


async def privacy(request: Request) -> None:
    request.show(messages.policy(request.wording))


async def send_data(request: Request) -> None:
    data = await request.services.privacy.data_of(request.tx, request.person)
    request.say(File("my-data.json", data, messages.data_caption(request.wording)))


async def ask_to_delete(request: Request) -> None:
    request.show(messages.ask_to_delete(request.wording))


async def delete(request: Request) -> None:
    await request.services.privacy.delete(request.tx, request.person.id, request.now)
    request.show(messages.deleted(request.wording))
