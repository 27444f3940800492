"""Hands messages to the Bot API and puts what becomes of them into the services' words."""

import logging
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeChat, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.chat.connection import NothingSent
from bot.chat.failures import seconds_of
from bot.chat.rendering import keyboard
from bot.messages.message import (
    Acknowledge,
    Amend,
    Commands,
    Copy,
    Delete,
    Edit,
    File,
    Message,
    Part,
    Pin,
    Sendable,
)
from bot.services.ports import Blocked, Delivery, Refused, Sent, TooMany, Unreachable

log = logging.getLogger(__name__)

GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "chat_write_forbidden")
"""Bad requests that mean: nobody is there."""
NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")
NO_PREVIEW = {"is_disabled": True}


class TelegramMessenger:
    """The ``Messenger`` of the real network."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def deliver(self, chat: int, content: Sendable) -> Delivery:
        try:
            return Sent(await self._hand_over(chat, content))
        except RetryAfter as error:
            return TooMany(seconds_of(error))
        except Forbidden:
            return Blocked()
        except BadRequest as error:
            return _judged(error.message)
        except ChatMigrated as error:
            return Refused(error.message)
        except NetworkError as error:
            return Unreachable(f"{type(error).__name__}: {error.message}", unknown_fate=_may_have_arrived(error))
        except TelegramError as error:
            return Unreachable(f"{type(error).__name__}: {error.message}")

    async def _hand_over(self, chat: int, content: Sendable) -> int | None:
        match content:
            case Message():
                return await self._say(chat, content)
            case Edit():
                return await self._edit(chat, content)
            case Acknowledge():
                await self._bot.answer_callback_query(content.callback_id, content.text or None, content.alert)
                return None
            case Pin():
                return (
                    await self._bot.send_venue(chat, content.latitude, content.longitude, content.name, content.address)
                ).message_id
            case File():
                document = InputFile(content.content, filename=content.name)
                return (await self._bot.send_document(chat, document, caption=content.caption or None)).message_id
            case Copy():
                copied = await self._bot.copy_message(chat, content.chat, content.message_id, content.caption)
                return copied.message_id
            case Amend():
                await self._amend(chat, content)
                return content.message_id
            case Delete():
                await self._delete(chat, content)
                return None
            case Commands():
                listed = [BotCommand(name, what) for name, what in content.commands]
                await self._bot.set_my_commands(listed, scope=BotCommandScopeChat(chat))
                return None

    async def _say(self, chat: int, message: Message) -> int:
        # The raw call: nothing but the number is wanted of what Telegram says of its own message.
        parameters = {"chat_id": chat, "disable_notification": message.silent or None, **_rendered(message)}
        return int((await self._bot.do_api_request("sendMessage", parameters))["message_id"])

    async def _amend(self, chat: int, change: Amend) -> None:
        try:
            if change.part is Part.CAPTION:
                await self._bot.edit_message_caption(
                    chat, change.message_id, caption=change.text, parse_mode=ParseMode.HTML
                )
            else:
                await self._bot.edit_message_text(change.text, chat, change.message_id, parse_mode=ParseMode.HTML)
        except BadRequest as error:
            if "message is not modified" not in error.message.lower():
                raise

    async def _delete(self, chat: int, content: Delete) -> None:
        try:
            await self._bot.delete_message(chat, content.message_id)
        except BadRequest as error:
            # Gone is gone, whoever deleted it: the person, or a try of ours whose answer was lost.
            if "message to delete not found" not in error.message.lower():
                raise

    async def _edit(self, chat: int, edit: Edit) -> int | None:
        try:
            parameters = {"chat_id": chat, "message_id": edit.message_id, **_rendered(edit.message)}
            await self._bot.do_api_request("editMessageText", parameters)
        except BadRequest as error:
            if "message is not modified" in error.message.lower():
                return edit.message_id
            if any(words in error.message.lower() for words in NOT_EDITABLE):
                return await self._say(chat, edit.message)
            raise
        return edit.message_id


def _rendered(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "parse_mode": None if message.verbatim else ParseMode.HTML,
        "reply_markup": keyboard(message),
        "link_preview_options": None if message.verbatim else NO_PREVIEW,
    }


def _may_have_arrived(error: NetworkError) -> bool:
    # An answer, even "502 Bad Gateway", says that it was not taken; it is what no other error stands behind.
    if error.__cause__ is None:
        return isinstance(error, TimedOut)
    return not isinstance(error, NothingSent)


def _judged(description: str) -> Delivery:
    if any(words in description.lower() for words in GONE):
        return Blocked()
    return Refused(description)
