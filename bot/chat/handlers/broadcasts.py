"""Announcements by a coordinator."""

from bot.chat.request import Request
from bot.messages import broadcasts as messages
from bot.messages.actions import DropBroadcast, SendBroadcast
from bot.messages.message import TEXT_LIMIT, Copy, Message, utf16_length


async def broadcast(request: Request) -> None:
    """With a text, or in reply to any message: a preview. With neither: what to write."""
    if request.reply_to is not None and not request.arguments:
        await preview(request, Copy(request.person.id, request.reply_to))
    elif request.arguments:
        await preview(request, Message(request.arguments, verbatim=True))
    else:
        await request.expect("broadcast")
        request.show(messages.how_to(request.wording))


async def preview(request: Request, content: Message | Copy) -> None:
    """Exactly what would go out, and the question under it."""
    if isinstance(content, Message) and utf16_length(content.text) > TEXT_LIMIT:
        request.say(messages.too_long(request.wording, TEXT_LIMIT))
        return
    service = request.services.broadcasts
    number, recipients = await service.draft(request.tx, request.person.id, content, request.now)
    if recipients == 0:
        await service.drop(request.tx, number, request.person.id)
        request.say(messages.nobody(request.wording))
        return
    request.say(content)
    request.say(messages.ask(request.wording, number, recipients))


async def send(request: Request, action: SendBroadcast) -> None:
    shown_in = request.press.message_id if request.press else None
    recipients = await request.services.broadcasts.send(
        request.tx, action.broadcast, request.person.id, shown_in, request.now
    )
    if recipients is None:
        request.note = messages.already_decided(request.wording)
    else:
        request.show(messages.progress(request.wording, 0, 0, recipients))


async def source_edited(request: Request) -> bool:
    """A message that waits to be sent to everybody has changed: what was previewed is no longer what would arrive."""
    if request.message_id is None:
        return False
    source = Copy(request.person.id, request.message_id)
    if not await request.services.broadcasts.drop_drafts_of(request.tx, request.person.id, source):
        return False
    request.say(messages.source_edited(request.wording))
    return True


async def drop(request: Request, action: DropBroadcast) -> None:
    if await request.services.broadcasts.drop(request.tx, action.broadcast, request.person.id):
        request.show(messages.dropped(request.wording))
    else:
        request.note = messages.already_decided(request.wording)
